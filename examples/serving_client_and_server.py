"""A classifier of digits is served over the network, and a new version of it takes over.

    python -m tfkeras_compat run examples/serving_client_and_server.py [FOLDER]

A server as TensorFlow Serving: it speaks gRPC, watches a folder of versions and serves the newest.
Client and server know only the folder and the protocol, nothing of Keras. Needs
`pip install 'tfkeras_compat[serving]'` and `pip install --no-deps tensorflow-serving-api`.
"""

import os
import sys
import tempfile
import time
from concurrent import futures

import numpy as np
import tensorflow as tf
from keras import backend as K
from keras.layers import BatchNormalization, Dense, Dropout
from keras.models import Sequential
from tensorflow.contrib import predictor
from tensorflow.examples.tutorials.mnist import input_data

from tfkeras_compat.serving import export_saved_model

try:
    import grpc
    from tensorflow_serving.apis import predict_pb2, prediction_service_pb2_grpc
except ImportError as error:
    sys.exit("%s\n%s" % (error, __doc__.strip().splitlines()[-1]))

np.random.seed(1337)  # for reproducibility
tf.set_random_seed(1337)

HERE = os.path.dirname(os.path.abspath(__file__))
SIGNATURE = "classify"


# ---- the server ----------------------------------------------------------------------------------


class NewestVersion(prediction_service_pb2_grpc.PredictionServiceServicer):
    """Answers with the newest version in a folder."""

    def __init__(self, folder):
        self.folder = folder
        self.version, self.predict = 0, None
        self.look()

    def look(self):
        """Loads the newest version, if it is another one; the old one answers until then."""
        version = max(int(name) for name in os.listdir(self.folder) if name.isdigit())
        if version > self.version:
            path = os.path.join(self.folder, str(version))
            self.predict = predictor.from_saved_model(path, signature_def_key=SIGNATURE)
            self.version = version

    def Predict(self, request, context):
        given = {name: tf.make_ndarray(tensor) for name, tensor in request.inputs.items()}
        response = predict_pb2.PredictResponse()
        response.model_spec.version.value = self.version
        for name, array in self.predict(given).items():
            response.outputs[name].CopyFrom(tf.make_tensor_proto(array))
        return response


def started(folder):
    """A server on a free port of this machine, which looks for versions ten times a second."""
    service = NewestVersion(folder)
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=2))
    prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server(service, server)
    port = server.add_insecure_port("localhost:0")
    server.start()
    return service, server, "localhost:%d" % port


def watch(service, is_over):
    while not is_over():
        service.look()
        time.sleep(0.1)


# ---- the client ----------------------------------------------------------------------------------


def asked(stub, images):
    """The version that answered, and its scores."""
    request = predict_pb2.PredictRequest()
    request.model_spec.name = "digits"
    request.model_spec.signature_name = SIGNATURE
    request.inputs["images"].CopyFrom(tf.make_tensor_proto(images))
    response = stub.Predict(request, timeout=30)
    return response.model_spec.version.value, tf.make_ndarray(response.outputs["scores"])


def answered_by(stub, version, images):
    """The scores of a version, once it answers."""
    for _ in range(300):
        found, scores = asked(stub, images)
        if found == version:
            return scores
        time.sleep(0.1)
    sys.exit("Version %d did not take over in 30 seconds." % version)


# ---- training, and the whole ---------------------------------------------------------------------

digits = input_data.read_data_sets(os.path.join(HERE, "digits"), one_hot=True)
model = Sequential()
model.add(Dense(64, activation="relu", input_dim=784))
model.add(BatchNormalization())
model.add(Dropout(0.3))
model.add(Dense(10, activation="softmax"))
model.compile("adam", loss="categorical_crossentropy", metrics=["accuracy"])
images, labels = digits.test.images, digits.test.labels


def train_and_export(folder, epochs):
    model.fit(digits.train.images, digits.train.labels, epochs=epochs, verbose=0)
    tensors = {"images": model.input}, {"scores": model.output}
    return export_saved_model(tensors, folder, signature_name=SIGNATURE)


def compare(stub, version):
    scores = answered_by(stub, version, images)
    ours = K.get_session().run(model.output, {model.input: images, K.learning_phase(): 0})
    accuracy = np.mean(scores.argmax(1) == labels.argmax(1))
    print("Version %d: test accuracy: %.4f" % (version, accuracy))
    print("Version %d: session and server differ by: %.7f" % (version, abs(ours - scores).max()))


def main(folder):
    train_and_export(folder, epochs=1)
    service, server, address = started(folder)
    with futures.ThreadPoolExecutor(max_workers=1) as threads:
        over = []
        watching = threads.submit(watch, service, lambda: over)
        try:
            with grpc.insecure_channel(address) as channel:
                stub = prediction_service_pb2_grpc.PredictionServiceStub(channel)
                compare(stub, 1)
                train_and_export(folder, epochs=10)
                compare(stub, 2)
        finally:
            over.append(True)
            server.stop(None)
        watching.result()
    print("Versions in the folder: %s" % ", ".join(sorted(os.listdir(folder))))


if len(sys.argv) > 1:
    main(sys.argv[1])
else:
    with tempfile.TemporaryDirectory() as temporary:
        main(temporary)
