"""Other programs that read what was exported, run as `peers.py <folder> <peer> <peer> ...`.

The folder holds a folder for each case: the export, `fed.npz` and `tensors.json`; a peer writes
`<peer>.npz` there. What fails is written to `<peer>.error`. Nothing of tfkeras_compat is imported.
"""

import json
import os
import sys
import traceback
from concurrent import futures

import numpy as np


def cases(folder):
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        if not os.path.isdir(path):
            continue
        with open(os.path.join(path, "tensors.json")) as file:
            yield path, dict(np.load(os.path.join(path, "fed.npz"))), json.load(file)


def saved_model(path, fed, tensors):
    import tensorflow.compat.v2 as tf

    tf.enable_v2_behavior()
    signature = tf.saved_model.load(os.path.join(path, "export", "1"))
    signature = signature.signatures["serving_default"]
    found = signature(**{key: tf.constant(array) for key, array in fed.items()})
    return {key: value.numpy() for key, value in found.items()}


def saved_model_cli(path, fed, tensors):
    from tensorflow.python.tools import saved_model_cli

    inputs = []
    for key, array in fed.items():
        np.save(os.path.join(path, key), array)
        inputs.append("%s=%s" % (key, os.path.join(path, key + ".npy")))
    command = ["run", "--dir", os.path.join(path, "export", "1"), "--tag_set", "serve"]
    command += ["--signature_def", "serving_default", "--inputs", ";".join(inputs)]
    sys.argv = ["saved_model_cli"] + command + ["--outdir", path, "--overwrite"]
    try:
        saved_model_cli.main()
    except SystemExit as end:
        assert not end.code, end
    return {key: np.load(os.path.join(path, key + ".npy")) for key in tensors["outputs"]}


def tensorflow_serving(path, fed, tensors):
    """A server of the PredictionService, and a client that asks it, over a local port."""
    import grpc
    import tensorflow as tf
    from tensorflow_serving.apis import predict_pb2, prediction_service_pb2_grpc

    signature = tf.saved_model.load(os.path.join(path, "export", "1"))
    signature = signature.signatures["serving_default"]

    class Service(prediction_service_pb2_grpc.PredictionServiceServicer):
        def Predict(self, request, context):
            given = {key: tf.make_ndarray(proto) for key, proto in request.inputs.items()}
            found = signature(**{key: tf.constant(array) for key, array in given.items()})
            response = predict_pb2.PredictResponse()
            for key, value in found.items():
                response.outputs[key].CopyFrom(tf.make_tensor_proto(value.numpy()))
            return response

    server = grpc.server(futures.ThreadPoolExecutor(max_workers=1))
    prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server(Service(), server)
    port = server.add_insecure_port("localhost:0")
    server.start()
    with grpc.insecure_channel("localhost:%d" % port) as channel:
        stub = prediction_service_pb2_grpc.PredictionServiceStub(channel)
        request = predict_pb2.PredictRequest()
        request.model_spec.name = "model"
        request.model_spec.signature_name = "serving_default"
        for key, array in fed.items():
            request.inputs[key].CopyFrom(tf.make_tensor_proto(array))
        response = stub.Predict(request, timeout=60)
    server.stop(None)
    return {key: tf.make_ndarray(proto) for key, proto in response.outputs.items()}


def ai_edge_litert(path, fed, tensors):
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_path=os.path.join(path, "model.tflite"))
    entries = [each["index"] for each in interpreter.get_input_details()]
    for index, array in zip(entries, fed.values()):
        interpreter.resize_tensor_input(index, array.shape)
    interpreter.allocate_tensors()
    for index, array in zip(entries, fed.values()):
        interpreter.set_tensor(index, array)
    interpreter.invoke()
    exits = [each["index"] for each in interpreter.get_output_details()]
    return dict(zip(tensors["outputs"], map(interpreter.get_tensor, exits)))


def tf2onnx(path, fed, tensors):
    import onnxruntime
    import tensorflow.compat.v1 as tf
    import tf2onnx.convert

    with open(os.path.join(path, "frozen.pb"), "rb") as file:
        definition = tf.GraphDef.FromString(file.read())
    model, _ = tf2onnx.convert.from_graph_def(
        definition,
        input_names=list(tensors["inputs"].values()),
        output_names=list(tensors["outputs"].values()),
    )
    session = onnxruntime.InferenceSession(model.SerializeToString())
    fed = {tensors["inputs"][key]: array for key, array in fed.items()}
    return dict(zip(tensors["outputs"], session.run(list(tensors["outputs"].values()), fed)))


def main(folder, *peers):
    for peer in peers:
        try:
            for path, fed, tensors in cases(folder):
                np.savez(os.path.join(path, peer), **globals()[peer](path, fed, tensors))
        except Exception:
            with open(os.path.join(folder, peer + ".error"), "w") as file:
                traceback.print_exc(file=file)


if __name__ == "__main__":
    main(*sys.argv[1:])
