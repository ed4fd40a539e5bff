"""Diagrams of models. Their drawing needs Graphviz: its program, or what pygraphviz brings."""

import importlib
import importlib.util
import shutil
import xml.etree.ElementTree

import pytest

from tfkeras_compat.errors import ConfigError, MissingDependencyError, MissingProgramError
from tfkeras_compat.layers import LSTM, Dense, Input, TimeDistributed, concatenate
from tfkeras_compat.models import Model, Sequential
from tfkeras_compat.utils import model_to_dot, plot_model

needs_pydot = pytest.mark.skipif(
    importlib.util.find_spec("pydot") is None, reason="DID NOT RUN: pydot is not installed"
)
needs_graphviz = pytest.mark.skipif(
    not shutil.which("dot") and importlib.util.find_spec("pygraphviz") is None,
    reason="DID NOT RUN: Graphviz is not installed",
)


def two_inputs():
    left, right = Input((3,), name="left"), Input((2,), name="right")
    joined = concatenate([Dense(4, name="hidden")(left), right], name="joined")
    return Model([left, right], Dense(1, name="out")(joined))


def nested():
    encoder = Sequential([LSTM(2, input_shape=(2, 3), name="lstm")], name="encoder")
    x = Input((5, 2, 3), name="x")
    y = Input((3,), name="y")
    head = Model(y, Dense(1, name="inner")(y), name="head")
    z = Dense(3, name="middle")(LSTM(4, name="outer")(TimeDistributed(encoder, name="td")(x)))
    return Model(x, Dense(1, name="last")(head(z)))


def drawn(graph):
    """Labels of boxes, and arrows as pairs of labels, of a graph and of those in it."""
    parts = [graph] + [part for one in graph.get_subgraphs() for part in [one]]
    labels, arrows = {}, []
    for part in parts:
        labels.update(
            (node.get_name().strip('"'), node.get("label").strip('"'))
            for node in part.get_nodes()
            if node.get("label")
        )
        arrows += [
            (e.get_source().strip('"'), e.get_destination().strip('"')) for e in part.get_edges()
        ]
    return sorted(labels.values()), sorted((labels[a], labels[b]) for a, b in arrows)


@needs_pydot
def test_boxes_are_layers_and_arrows_are_calls():
    labels, arrows = drawn(model_to_dot(two_inputs()))
    assert labels == [
        "hidden: Dense", "joined: Concatenate", "left: InputLayer", "out: Dense",
        "right: InputLayer"]  # fmt: skip
    assert arrows == [
        ("hidden: Dense", "joined: Concatenate"),
        ("joined: Concatenate", "out: Dense"),
        ("left: InputLayer", "hidden: Dense"),
        ("right: InputLayer", "joined: Concatenate"),
    ]


@needs_pydot
def test_names_can_be_left_out_and_shapes_shown():
    labels, _ = drawn(model_to_dot(two_inputs(), show_shapes=True, show_layer_names=False))
    assert "Dense\n|{input:|output:}|{{(None, 3)}|{(None, 4)}}" in labels
    joined = "Concatenate\n|{input:|output:}|{{[(None, 4), (None, 2)]}|{(None, 6)}}"
    assert joined in labels


@needs_pydot
def test_nested_models_are_boxes_or_frames_around_their_layers():
    labels, arrows = drawn(model_to_dot(nested()))
    assert "td(encoder): TimeDistributed(Sequential)" in labels and "head: Model" in labels
    graph = model_to_dot(nested(), expand_nested=True)
    assert sorted(part.get("label").strip('"') for part in graph.get_subgraphs()) == [
        "encoder",
        "head",
    ]
    labels, arrows = drawn(graph)
    assert "inner: Dense" in labels and "head: Model" not in labels
    assert ("lstm: LSTM", "outer: LSTM") in arrows
    assert ("td(encoder): TimeDistributed(Sequential)", "lstm_input: InputLayer") in arrows
    assert ("middle: Dense", "y: InputLayer") in arrows and (
        "inner: Dense",
        "last: Dense",
    ) in arrows


@needs_pydot
def test_layout_and_resolution_go_to_graphviz():
    text = model_to_dot(two_inputs(), rankdir="LR", dpi=300).to_string()
    assert "rankdir=LR" in text and "dpi=300" in text and "shape=record" in text
    assert model_to_dot(two_inputs(), subgraph=True).to_string().startswith("subgraph cluster_")


@needs_pydot
@needs_graphviz
def test_a_picture_is_written_in_the_format_of_its_extension(tmp_path):
    plot_model(two_inputs(), str(tmp_path / "model.png"), show_shapes=True)
    assert (tmp_path / "model.png").read_bytes().startswith(b"\x89PNG")
    plot_model(two_inputs(), tmp_path / "model.svg", show_shapes=True)
    texts = xml.etree.ElementTree.parse(str(tmp_path / "model.svg")).getroot().itertext()
    assert {"left: InputLayer", "(None, 6)"} <= {text.strip() for text in texts}


@needs_pydot
def test_a_model_without_graph_has_no_diagram():
    with pytest.raises(ConfigError, match="There is no diagram of unbuilt: expected a model made"):
        model_to_dot(Subclassed(name="unbuilt"))


class Subclassed(Model):
    def call(self, inputs):
        return inputs


@needs_pydot
def test_without_graphviz_the_error_says_how_to_get_it(monkeypatch, tmp_path):
    without(monkeypatch, "pygraphviz")
    monkeypatch.setattr(shutil, "which", lambda program: None)
    with pytest.raises(
        MissingProgramError, match=r"program `dot`.*tfkeras_compat\[plot\]"
    ) as caught:
        plot_model(two_inputs(), str(tmp_path / "model.png"))
    assert isinstance(caught.value, OSError) and list(tmp_path.iterdir()) == []


def test_without_pydot_the_error_names_the_extra(monkeypatch):
    without(monkeypatch, "pydot")
    with pytest.raises(MissingDependencyError, match=r"pip install 'tfkeras_compat\[plot\]'"):
        model_to_dot(two_inputs())


def without(monkeypatch, library):
    found = importlib.import_module

    def import_module(name, *args):
        if name == library:
            raise ImportError("No module named %r" % name)
        return found(name, *args)

    monkeypatch.setattr(importlib, "import_module", import_module)
