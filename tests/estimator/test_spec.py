"""What a model function may return."""

import pytest

from tfkeras_compat._tf import tf
from tfkeras_compat.estimator import EstimatorSpec, ModeKeys, export


def tensors():
    return {"loss": tf.constant(1.0), "train_op": tf.no_op(), "predictions": tf.constant([1.0])}


@pytest.mark.parametrize(
    "mode, missing", [("train", "train_op"), ("train", "loss"), ("eval", "loss"), ("infer", None)]
)
def test_each_mode_says_what_is_missing(mode, missing):
    given = tensors()
    given.pop(missing or "predictions")
    with pytest.raises(ValueError, match="Missing %s." % (missing or "predictions")):
        EstimatorSpec(mode, **given)


@pytest.mark.parametrize(
    "wrong",
    [
        {"loss": 1.0},
        {"train_op": "step"},
        {"predictions": {"a": 3}},
        {"training_hooks": [object()]},
        {"scaffold": object()},
        {"eval_metric_ops": [1]},
        {"eval_metric_ops": {"mean": 1}},
    ],
)
def test_another_type_is_a_type_error(wrong):
    with pytest.raises(TypeError):
        EstimatorSpec("train", **dict(tensors(), **wrong))


def test_a_loss_of_one_element_becomes_a_scalar_and_a_larger_one_an_error():
    spec = EstimatorSpec("eval", loss=tf.constant([2.0]))
    assert spec.loss.get_shape().as_list() == []
    with pytest.raises(ValueError, match="Loss must be scalar"):
        EstimatorSpec("eval", loss=tf.constant([2.0, 3.0]))


def test_a_tensor_of_another_graph_is_named():
    with tf.Graph().as_default():
        elsewhere = tf.constant(1.0, name="elsewhere")
    with pytest.raises(ValueError, match="elsewhere.*must be from the default graph"):
        EstimatorSpec("eval", loss=elsewhere)


def test_a_metric_object_becomes_a_pair_with_local_variables():
    class Mean:
        variables = [tf.Variable(0.0, collections=[], name="total")]
        updates = [tf.assign_add(variables[0], 1.0)]

        def result(self):
            return self.variables[0] + 0

    spec = EstimatorSpec("eval", loss=tf.constant(1.0), eval_metric_ops={"mean": Mean()})
    assert spec.eval_metric_ops["mean"][1] is Mean.updates[0]
    assert tf.local_variables() == Mean.variables


def test_replacing_checks_again_and_keeps_the_mode():
    spec = EstimatorSpec(ModeKeys.EVAL, loss=tf.constant(1.0))
    assert spec._replace(predictions={"a": tf.constant(1)}).loss is spec.loss
    with pytest.raises(ValueError, match="mode of EstimatorSpec cannot be changed"):
        spec._replace(mode=ModeKeys.TRAIN)


def test_predictions_are_exported_by_default_and_a_single_output_is_the_default():
    default = tf.saved_model.signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY
    spec = EstimatorSpec("infer", predictions={"a": tf.constant(1)})
    assert list(spec.export_outputs[default].outputs) == ["a"]
    only = export.RegressionOutput(tf.constant([1.0]))
    spec = EstimatorSpec("infer", tf.constant(1), export_outputs={"only": only})
    assert spec.export_outputs == {"only": only, default: only}
    with pytest.raises(ValueError, match="none of them is specified as the default"):
        EstimatorSpec("infer", tf.constant(1), export_outputs={"one": only, "other": only})
