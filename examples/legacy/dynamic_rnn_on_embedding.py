"""tf.nn.dynamic_rnn on a Keras embedding, with cells of TensorFlow."""

from __future__ import print_function
import numpy as np
import tensorflow as tf
from keras import backend as K
from keras.layers import Dense, Embedding

rng = np.random.RandomState(16)
words = tf.placeholder(tf.int32, [None, 5], name="words")
lengths = tf.placeholder(tf.int32, [None], name="lengths")
layer = Embedding(10, 4, name="embedding")
layer.build((None, 5))
embedded = tf.nn.embedding_lookup(layer.embeddings, words)
cell = tf.nn.rnn_cell.MultiRNNCell(
    [
        tf.nn.rnn_cell.DropoutWrapper(tf.nn.rnn_cell.LSTMCell(3), output_keep_prob=1.0),
        tf.nn.rnn_cell.GRUCell(2),
    ]
)
outputs, state = tf.nn.dynamic_rnn(cell, embedded, sequence_length=lengths, dtype=tf.float32)
scores = Dense(1, activation="sigmoid", name="score")(state[-1])
targets = tf.placeholder(tf.float32, [None, 1])
loss = tf.reduce_mean(tf.square(scores - targets))
optimizer = tf.train.AdamOptimizer(0.05)
gradients = optimizer.compute_gradients(loss)
clipped = [(tf.clip_by_norm(gradient, 1.0), variable) for gradient, variable in gradients]
train_op = optimizer.apply_gradients(clipped)
for variable in tf.trainable_variables():
    print(variable.name, variable.get_shape().as_list())

with tf.Session() as sess:
    K.set_session(sess)
    sess.run(tf.global_variables_initializer())
    for variable in tf.trainable_variables():
        variable.load(rng.uniform(-0.5, 0.5, variable.get_shape().as_list()), sess)
    feed = {
        words: rng.randint(0, 10, (6, 5)),
        lengths: [5, 3, 1, 2, 4, 5],
        targets: rng.randint(0, 2, (6, 1)),
    }
    print(sess.run(outputs, feed)[2].astype("float64").round(3).tolist())
    for step in range(31):
        if step % 10 == 0:
            print("step %d loss %.3f" % (step, sess.run(loss, feed)))
        sess.run(train_op, feed)
