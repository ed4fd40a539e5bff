"""Constants that TensorFlow 1.15 would end the process over are refused."""

import os

import numpy as np
import pytest

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import FileFormatError
from tfkeras_compat.saving import constants
from tfkeras_compat.tensorflow.contrib.predictor import from_saved_model


def graph_with(value):
    """A graph of one constant, and the constant."""
    with tf.Graph().as_default() as graph:
        tf.constant(value, name="c")
    definition = graph.as_graph_def()
    return definition.node, definition.node[0].attr["value"].tensor


@pytest.mark.parametrize(
    "value",
    [1.5, True, [1, 2, 3], np.ones((2, 3), "float16"), np.zeros((0, 3)), [b"", b"a" * 300], 1j]
    + [np.array([1, 2], "uint8"), np.array(2**40)],
)
def test_constants_that_tensorflow_writes_are_whole(value):
    constants.check(graph_with(value)[0], "graph")


def test_texts_with_their_lengths_before_them_are_whole():
    nodes, tensor = graph_with([b"", b"a" * 300])
    del tensor.string_val[:]
    tensor.tensor_content = b"\x00\xac\x02" + b"a" * 300
    constants.check(nodes, "graph")
    with tf.Graph().as_default(), tf.Session() as session:  # so it does
        definition = tf.GraphDef(node=nodes)
        (found,) = tf.import_graph_def(definition, return_elements=["c:0"])
        assert session.run(found).tolist() == [b"", b"a" * 300]


def other_bytes(tensor):
    tensor.tensor_content = b"412211244"


def no_type(tensor):
    tensor.dtype = 0


def unknown_type(tensor):
    tensor.dtype = 99


def resource(tensor):
    tensor.dtype = 20


def negative_axis(tensor):
    tensor.tensor_shape.dim.add().size = -3


def too_many_axes(tensor):
    for _ in range(300):
        tensor.tensor_shape.dim.add().size = 1


def too_large(tensor):
    tensor.tensor_shape.dim.add().size = 2**62
    tensor.tensor_shape.dim.add().size = 2**62


def texts(tensor):
    tensor.dtype, tensor.tensor_content = 7, b"\x05ab"


def endless_length(tensor):
    tensor.dtype, tensor.tensor_content = 7, b"\xff\xff"


DAMAGES = [other_bytes, no_type, unknown_type, resource, negative_axis, too_many_axes, too_large]
DAMAGES += [texts, endless_length]


@pytest.mark.parametrize("damage", DAMAGES)
def test_constants_that_are_not_whole_are_refused(damage):
    nodes, tensor = graph_with(False)
    damage(tensor)
    with pytest.raises(FileFormatError, match="graph is damaged: the bytes of the constant c "):
        constants.check(nodes, "graph")


@pytest.mark.parametrize("in_a_function", [False, True])
def test_such_a_constant_does_not_end_the_process(in_a_function, tmp_path):
    folder = exported(str(tmp_path / "model"), in_a_function)
    saved_model = _tf.parse_saved_model(folder)
    graph = saved_model.meta_graphs[0].graph_def
    nodes = graph.library.function[0].node_def if in_a_function else graph.node
    other_bytes(next(each for each in nodes if each.op == "Const").attr["value"].tensor)
    with open(os.path.join(folder, "saved_model.pb"), "wb") as file:
        file.write(saved_model.SerializeToString())
    for safe_mode in (True, False):
        with pytest.raises(FileFormatError, match="model is damaged: the bytes of the constant"):
            from_saved_model(folder, safe_mode=safe_mode)


def exported(path, in_a_function):
    """Writes a SavedModel that adds one and two to what it is given."""
    function = _tf.submodule("python.framework.function")

    def compute(x):
        return x + (tf.constant(1.0) + tf.constant(2.0))

    if in_a_function:
        compute = function.Defun(tf.float32)(compute)
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [None])
        y = tf.identity(compute(x))
        tf.saved_model.simple_save(session, path, {"x": x}, {"y": y})
    return path
