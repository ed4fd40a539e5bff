"""A Keras model as a frozen graph: variables become constants, another graph imports it."""
from __future__ import print_function
import os
import shutil
import tempfile
import numpy as np
import tensorflow as tf
from keras import backend as K
from keras.layers import BatchNormalization, Dense, Dropout
from keras.models import Sequential

K.set_learning_phase(0)
model = Sequential()
model.add(Dense(4, input_shape=(3,), activation='relu', name='hidden'))
model.add(BatchNormalization(name='norm'))
model.add(Dropout(0.5))
model.add(Dense(2, activation='softmax', name='scores'))
rng = np.random.RandomState(0)
model.set_weights([rng.uniform(.1, 1, w.shape) for w in model.get_weights()])
data = rng.rand(4, 3)
expected = model.predict(data)


def freeze_session(session, output_names):
    graph = session.graph
    with graph.as_default():
        input_graph_def = graph.as_graph_def()
        for node in input_graph_def.node:
            node.device = ''
        return tf.graph_util.convert_variables_to_constants(
            session, input_graph_def, output_names)


folder = tempfile.mkdtemp()
frozen = freeze_session(K.get_session(), [model.output.op.name])
tf.train.write_graph(frozen, folder, 'model.pb', as_text=False)
print('input', model.input.op.name, 'output', model.output.op.name)

with tf.gfile.GFile(os.path.join(folder, 'model.pb'), 'rb') as f:
    graph_def = tf.GraphDef()
    graph_def.ParseFromString(f.read())
kinds = set(node.op for node in graph_def.node)
print('variables left:', sorted(kind for kind in kinds if 'Var' in kind))
with tf.Graph().as_default() as graph:
    tf.import_graph_def(graph_def, name='served')
    with tf.Session(graph=graph) as sess:
        x = graph.get_tensor_by_name('served/hidden_input:0')
        y = graph.get_tensor_by_name('served/' + model.output.name)
        served = sess.run(y, feed_dict={x: data})
print('same:', np.allclose(served, expected, atol=1e-6))
print(served.astype('float64').round(3).tolist())
shutil.rmtree(folder)
