"""Old names, and paths into tensorflow.python and tf.contrib that scripts import from."""

import ast
import inspect
import operator

import numpy as np
import pytest

import tfkeras_compat
import tfkeras_compat.tensorflow as tf
from tfkeras_compat.dropin.rewrite import rewritten
from tfkeras_compat.errors import ConfigError, NotInLegacyError
from tfkeras_compat.legacy import contrib as contrib_names
from tfkeras_compat.legacy import modules
from tfkeras_compat.tensorflow import offered, passthrough

FLOATS = np.array([[1.0, 2.0], [3.0, 4.0]], "float32")

# Names of TensorFlow 0.x -> a use of them and what it gives.
FIRST_NAMES = {
    "audio_summary": lambda: tf.shape(tf.audio_summary("t", tf.zeros([1, 4]), 8.0)),
    "batch_matmul": lambda: tf.batch_matmul(FLOATS, FLOATS) - FLOATS.dot(FLOATS),
    "complex_abs": lambda: tf.complex_abs(tf.complex(3.0, 4.0)) - 5.0,
    "concat": lambda: tf.concat(1, [FLOATS, FLOATS])[0, 3] - 2.0,
    "concat as today": lambda: tf.concat([FLOATS, FLOATS], 0)[2, 1] - 2.0,
    "histogram_summary": lambda: tf.shape(tf.histogram_summary("t", FLOATS)),
    "image_summary": lambda: tf.shape(tf.image_summary("t", tf.zeros([1, 2, 2, 1]))),
    "inv": lambda: tf.inv(4.0) - 0.25,
    "mul": lambda: tf.mul(3.0, 2.0) - 6.0,
    "neg": lambda: tf.neg(3.0) + 3.0,
    "nn.rnn": lambda: tf.nn.rnn(tf.nn.rnn_cell.GRUCell(1), [tf.zeros([1, 1])], dtype=tf.float32)[1],
    "pack": lambda: tf.pack([1.0, 2.0])[1] - 2.0,
    "per_image_whitening": lambda: tf.image.per_image_whitening(tf.ones([2, 2, 1])),
    "select": lambda: tf.select([True, False], [1.0, 2.0], [3.0, 4.0]) - [1.0, 4.0],
    "split": lambda: tf.split(1, 2, FLOATS)[1] - FLOATS[:, 1:],
    "split as today": lambda: tf.split(FLOATS, 2, 1)[1] - FLOATS[:, 1:],
    "sub": lambda: tf.sub(3.0, 2.0) - 1.0,
    "unpack": lambda: tf.unpack(FLOATS)[1] - [3.0, 4.0],
}


@pytest.mark.parametrize("name", sorted(FIRST_NAMES))
def test_a_name_of_tensorflow_0_works(name):
    result = FIRST_NAMES[name]()
    with tf.Session() as session:
        session.run(tf.initialize_all_variables())
        assert not np.any(session.run(result))


def test_summaries_are_merged_and_written_by_their_first_names(tmp_path):
    merged = tf.merge_summary([tf.scalar_summary("loss", tf.constant(1.0))])
    assert tf.merge_all_summaries() is not None
    writer = tf.train.SummaryWriter(str(tmp_path))
    with tf.Session() as session:
        writer.add_summary(session.run(merged), 1)
    writer.close()
    (file,) = tmp_path.iterdir()
    values = [v.tag for e in tf.train.summary_iterator(str(file)) for v in e.summary.value]
    assert values == ["loss"]


# A path of attributes -> what it is, as another path; both from `tf`.
SAME = {
    "contrib.deprecated.scalar_summary": "summary.scalar",
    "contrib.framework.python.ops.add_arg_scope": "contrib.framework.add_arg_scope",
    "contrib.keras.layers.Dense": "keras.layers.Dense",
    "contrib.layers.python.layers.initializers.xavier_initializer": (
        "contrib.layers.xavier_initializer"
    ),
    "contrib.layers.python.layers.layers.conv2d": "contrib.layers.conv2d",
    "contrib.signal.stft": "signal.stft",
    "contrib.slim.conv2d": "contrib.layers.conv2d",
    "contrib.slim.layers.conv2d": "contrib.layers.conv2d",
    "contrib.util.make_ndarray": "make_ndarray",
    "python.client.session.Session": "Session",
    "python.framework.graph_util.convert_variables_to_constants": (
        "graph_util.convert_variables_to_constants"
    ),
    "python.framework.ops.Tensor": "Tensor",
    "python.keras.layers.Dense": "keras.layers.Dense",
    "python.layers.core.Dense": "layers.Dense",
    "python.layers.layers.dense": "layers.dense",
    "python.ops.control_flow_ops.cond": "cond",
    "python.ops.control_flow_ops.while_loop": "while_loop",
    "python.ops.rnn_cell.RNNCell": "nn.rnn_cell.RNNCell",
    "python.ops.rnn_cell_impl.LSTMCell": "nn.rnn_cell.LSTMCell",
    "python.platform.gfile.GFile": "gfile.GFile",
}


@pytest.mark.parametrize("path", sorted(SAME))
def test_a_path_of_attributes_leads_to_ours(path):
    assert operator.attrgetter(path)(tf) is operator.attrgetter(SAME[path])(tf)


IMPORTS = {
    "from tensorflow.contrib import slim as x": "contrib.slim",
    "import tensorflow.contrib.slim as x": "contrib.slim",
    "from tensorflow.contrib.data import map_and_batch as x": "contrib.data.map_and_batch",
    "from tensorflow.contrib.framework.python.ops import arg_scope as x": (
        "contrib.framework.arg_scope"
    ),
    "from tensorflow.contrib.layers.python.layers import batch_norm as x": (
        "contrib.layers.batch_norm"
    ),
    "from tensorflow.contrib.metrics.python.ops import metric_ops as x": "contrib.metrics",
    "from tensorflow.contrib.opt.python.training.external_optimizer import "
    "ScipyOptimizerInterface as x": "contrib.opt.ScipyOptimizerInterface",
    "from tensorflow.contrib.opt.python.training.sign_decay import get_linear_decay_fn as x": (
        "contrib.opt.get_linear_decay_fn"
    ),
    "from tensorflow.contrib.tensorboard.plugins import projector as x": (
        "contrib.tensorboard.plugins.projector"
    ),
    "from tensorflow.contrib.training.python.training import hparam as x": "contrib.training",
    "from tensorflow.nn import rnn_cell as x": "nn.rnn_cell",
    "from tensorflow.python.estimator.inputs import numpy_io as x": "estimator.inputs",
    "from tensorflow.python.estimator.model_fn import ModeKeys as x": "estimator.ModeKeys",
    "from tensorflow.python.layers import core as x": "layers",
    "from tensorflow.python.ops import rnn_cell_impl as x": "nn.rnn_cell",
    "from tensorflow.python.ops.control_flow_ops import cond as x": "cond",
}


@pytest.mark.parametrize("line", sorted(IMPORTS))
def test_an_import_of_a_script_leads_to_ours(line):
    scope = {}
    exec(compile(rewritten(ast.parse(line)), "script", "exec"), scope)
    assert scope["x"] is operator.attrgetter(IMPORTS[line])(tf)


@pytest.mark.skipif(tf.__version__.startswith("1."), reason="TensorFlow 1.15 has them itself")
@pytest.mark.parametrize(
    "path, advice",
    [
        ("contrib.ffmpeg.decode_audio", "tensorflow-io"),
        ("contrib.boosted_trees", "tensorflow-decision-forests"),
        ("contrib.layers.no_such_layer", "TensorFlow 1.15 is the last"),
        ("contrib.slim.nets", "runs on tf.contrib.slim"),
    ],
)
def test_what_is_not_offered_is_named_with_the_way_out(path, advice):
    with pytest.raises(AttributeError, match="has tensorflow.contrib.*" + advice):
        operator.attrgetter(path)(tf)
    with pytest.raises(NotInLegacyError, match=advice):
        exec("import tfkeras_compat.tensorflow.%s.deeper" % path)


@pytest.mark.parametrize("module", [tf, offered, passthrough, modules, contrib_names])
def test_importing_the_namespace_imports_no_package_of_contrib(module):
    imports = [
        line
        for line in inspect.getsource(module).splitlines()
        if line.startswith(("import ", "from "))
    ]
    assert imports and not any("tensorflow.contrib" in line for line in imports)


def test_a_graph_is_stripped_for_inference_and_nothing_else():
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [], name="x")
        tf.identity(tf.identity(x, name="between") + 1.0, name="y")
        tf.constant(1.0, name="unused")
    transform = tf.tools.graph_transforms.TransformGraph
    steps = ["strip_unused_nodes", "remove_nodes(op=Identity)", "fold_constants"]
    found = transform(graph.as_graph_def(), ["x"], ["y"], steps)
    assert {node.name for node in found.node} == {"x", "add/y", "add", "y"}
    with pytest.raises(ConfigError, match="quantize_weights.*tf.lite"):
        transform(graph.as_graph_def(), ["x"], ["y"], ["quantize_weights"])


def test_points_are_shown_by_a_file_that_tensorboard_reads(tmp_path):
    projector = tf.contrib.tensorboard.plugins.projector
    config = projector.ProjectorConfig()
    embedding = config.embeddings.add()
    embedding.tensor_name, embedding.metadata_path = "words", 'a "b".tsv'
    embedding.sprite.single_image_dim.extend([28, 28])
    writer = tf.summary.FileWriter(str(tmp_path))
    projector.visualize_embeddings(writer, config)
    writer.close()
    assert (tmp_path / "projector_config.pbtxt").read_text() == (
        'embeddings {\n  tensor_name: "words"\n  metadata_path: "a \\042b\\042.tsv"\n'
        "  sprite {\n    single_image_dim: 28\n    single_image_dim: 28\n  }\n}\n"
    )


def test_keras_is_found_below_contrib_too():
    assert tf.contrib.keras is tfkeras_compat
