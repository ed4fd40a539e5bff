"""RunConfig, and what it reads from TF_CONFIG."""

import json
import pathlib

import pytest

from tfkeras_compat._tf import tf
from tfkeras_compat.estimator import RunConfig

CLUSTER = {"chief": ["host:1"], "ps": ["host:2", "host:3"], "worker": ["host:4", "host:5"]}


@pytest.fixture
def in_cluster(monkeypatch):
    def set_environment(kind, index=0, cluster=None, **more):
        task = {"type": kind, "index": index}
        environment = dict(more, cluster=CLUSTER if cluster is None else cluster, task=task)
        monkeypatch.setenv("TF_CONFIG", json.dumps(environment))
        return RunConfig()

    return set_environment


OBSERVED = [
    "task_type",
    "task_id",
    "global_id_in_cluster",
    "master",
    "evaluation_master",
    "is_chief",
    "num_ps_replicas",
    "num_worker_replicas",
    "service",
    "model_dir",
]


def observed(config):
    return {name: getattr(config, name) for name in OBSERVED}


def original_config():
    if not hasattr(tf, "estimator"):
        pytest.skip("NOT COMPARED LIVE: no tf.estimator here")
    return tf.estimator.RunConfig()


@pytest.mark.parametrize(
    "kind, index", [("chief", 0), ("worker", 1), ("ps", 1), ("evaluator", 3), ("master", 0)]
)
def test_a_task_is_read_as_the_original_reads_it(in_cluster, kind, index):
    cluster = {"master": ["host:1"], "worker": ["host:4"]} if kind == "master" else CLUSTER
    config = in_cluster(kind, index, cluster, service={"a": 1}, model_dir="/there")
    original = original_config()
    assert observed(config) == observed(original)
    assert config.session_config == original.session_config
    assert config.cluster_spec == original.cluster_spec


def test_a_worker_knows_its_place(in_cluster):
    config = in_cluster("worker", 1)
    assert (config.master, config.is_chief, config.task_id) == ("grpc://host:5", False, 1)
    assert (config.num_ps_replicas, config.num_worker_replicas) == (2, 3)
    assert config.global_id_in_cluster == 2
    assert list(config.session_config.device_filters) == ["/job:ps", "/job:worker/task:1"]


def test_an_evaluator_is_no_part_of_the_cluster(in_cluster):
    config = in_cluster("evaluator")
    assert not config.cluster_spec
    assert (config.master, config.num_worker_replicas, config.is_chief) == ("", 0, False)
    assert config.session_config is None


@pytest.mark.parametrize(
    "kind, index, cluster, message",
    [
        ("worker", 0, {"worker": ["host:1"]}, 'must have one "chief" node'),
        ("worker", 0, {"chief": ["a:1", "b:1"]}, 'must have only one "chief" node'),
        ("worker", 2, None, "2 is not a valid task_id for task_type worker"),
        ("cook", 0, None, "cook is not a valid task_type"),
        ("worker", -1, None, "non-negative"),
        ("evaluator", 0, {"master": ["host:1"]}, "`evaluator` is not supported"),
        ("chief", 0, {"master": ["a:1"], "chief": ["b:1"]}, "job `chief` is not supported"),
        ("chief", 0, {}, "task type must be WORKER"),
    ],
)
def test_a_wrong_cluster_is_named(in_cluster, kind, index, cluster, message):
    with pytest.raises(ValueError, match=message):
        in_cluster(kind, index, cluster)


def test_text_that_is_no_json_is_quoted(monkeypatch):
    monkeypatch.setenv("TF_CONFIG", "{cluster")
    with pytest.raises(ValueError, match="{cluster"):
        RunConfig()


def test_replacing_one_interval_of_saving_drops_the_other():
    config = RunConfig().replace(save_checkpoints_steps=5)
    assert (config.save_checkpoints_steps, config.save_checkpoints_secs) == (5, None)
    assert RunConfig().save_checkpoints_secs == 600
    with pytest.raises(ValueError, match="cannot be both set"):
        RunConfig(save_checkpoints_steps=1, save_checkpoints_secs=1)
    with pytest.raises(ValueError, match="Replacing master is not supported"):
        config.replace(master="")


@pytest.mark.parametrize(
    "wrong",
    [
        {"save_summary_steps": -1},
        {"log_step_count_steps": 0},
        {"tf_random_seed": 1.5},
        {"session_config": {}},
        {"device_fn": lambda node: "/cpu:0"},
        {"protocol": "http"},
        {"model_dir": ""},
    ],
)
def test_a_value_that_can_not_be_is_named(wrong):
    with pytest.raises(ValueError, match=list(wrong)[0]):
        RunConfig(**wrong)


def test_a_path_object_is_a_directory():
    assert RunConfig(model_dir=pathlib.Path("/there")).model_dir == "/there"
