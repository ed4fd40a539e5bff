"""The tutorial's last part: a model with the phase fixed is exported, and another process serves
its numbers."""

import numpy as np
import warm_processes

import tfkeras_compat.tensorflow as tf
from tfkeras_compat import backend as K
from tfkeras_compat.layers import BatchNormalization, Dense, Dropout
from tfkeras_compat.models import Sequential, model_from_config

SERVER = """
import sys
import numpy as np
import tensorflow.compat.v1 as tf
folder = sys.argv[1]
tf.disable_eager_execution()
with tf.Session(graph=tf.Graph()) as sess:
    exported = tf.saved_model.loader.load(sess, ["serve"], folder)
    signature = exported.signature_def["serving_default"]
    feed = {signature.inputs["images"].name: np.load(folder + "/images.npy")}
    np.save(folder + "/scores.npy", sess.run(signature.outputs["scores"].name, feed))
assert not [name for name in sys.modules if name.startswith("tfkeras_compat")]
"""


def trained_model():
    model = Sequential([Dense(8, input_shape=(5,), activation="relu"), BatchNormalization()])
    model.add(Dropout(0.5))
    model.add(Dense(3, activation="softmax"))
    x = model.input
    for _ in range(3):
        feed = {x: np.random.rand(16, 5), K.learning_phase(): 1}
        K.get_session().run([model.output] + model.updates, feed)
    return model


def test_another_process_serves_the_numbers_of_the_exported_model(tmp_path):
    previous_model = trained_model()
    images = np.random.rand(4, 5).astype("float32")
    expected = previous_model.predict(images)

    K.set_learning_phase(0)  # all new operations will be in test mode from now on
    config = previous_model.get_config()
    weights = previous_model.get_weights()
    model = model_from_config(config)
    model.set_weights(weights)

    folder = str(tmp_path / "export")
    builder = tf.saved_model.builder.SavedModelBuilder(folder)
    signature = tf.saved_model.signature_def_utils.predict_signature_def(
        inputs={"images": model.input}, outputs={"scores": model.output}
    )
    builder.add_meta_graph_and_variables(
        K.get_session(), ["serve"], signature_def_map={"serving_default": signature}
    )
    builder.save()
    np.save(folder + "/images.npy", images)

    done = warm_processes.run(["-c", SERVER, folder], timeout=120)
    assert done.returncode == 0, done.stderr
    np.testing.assert_allclose(np.load(folder + "/scores.npy"), expected, atol=1e-6)
