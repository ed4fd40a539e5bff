"""Diagrams of models, drawn by Graphviz through ``pydot``."""

import importlib
import os
import re
import shutil

from tfkeras_compat.errors import ConfigError, MissingDependencyError, MissingProgramError
from tfkeras_compat.layers.wrappers import Wrapper
from tfkeras_compat.models import Sequential
from tfkeras_compat.saving.atomic import replacing

_EXTRA = "pip install 'tfkeras_compat[plot]'"


def model_to_dot(
    model,
    show_shapes=False,
    show_layer_names=True,
    rankdir="TB",
    expand_nested=False,
    dpi=96,
    subgraph=False,
):
    """A model as a ``pydot`` graph: a box for each layer, and an arrow for each call.

    Args:
        show_shapes: whether boxes tell the shapes of inputs and outputs.
        show_layer_names: whether they tell names besides classes.
        rankdir: ``"TB"`` from top to bottom, ``"LR"`` from left to right.
        expand_nested: whether models in it, and in its wrappers, are frames around their layers.
        dpi: dots per inch.
        subgraph: whether to give a ``pydot.Cluster``, a part of another graph.
    Raises: MissingDependencyError without ``pydot``; ConfigError for a model that is not built.
    """
    pydot = _pydot()
    if subgraph:
        graph = pydot.Cluster(str(id(model)), style="dashed", label=model.name, labeljust="l")
    else:
        graph = pydot.Dot("model", rankdir=rankdir, concentrate="true", dpi=dpi)
        graph.set_node_defaults(shape="record")
    options = {
        "show_shapes": show_shapes,
        "show_layer_names": show_layer_names,
        "rankdir": rankdir,
        "expand_nested": expand_nested,
        "dpi": dpi,
    }
    layers = _layers_of(model)
    boxes = {id(layer): _add_layer(pydot, graph, layer, options) for layer in layers}
    for source, target in _calls(model, layers):
        for start in boxes[id(source)][1]:
            for end in boxes[id(target)][0]:
                if not graph.get_edge(start, end):
                    graph.add_edge(pydot.Edge(start, end))
    return graph


def plot_model(
    model,
    to_file="model.png",
    show_shapes=False,
    show_layer_names=True,
    rankdir="TB",
    expand_nested=False,
    dpi=96,
):
    """Draws a model into a file, whose extension says the format: PNG, SVG, PDF and what else
    Graphviz knows. Arguments as of :func:`model_to_dot`.

    Graphviz is its program ``dot`` or, where there is none, the library that ``pygraphviz`` brings.
    Returns: an image for a notebook, if IPython is there.
    Raises: MissingDependencyError without ``pydot``, MissingProgramError without Graphviz.
    """
    graph = model_to_dot(model, show_shapes, show_layer_names, rankdir, expand_nested, dpi)
    to_file = os.fspath(to_file)
    extension = os.path.splitext(to_file)[1][1:] or "png"
    with replacing(to_file) as temporary:
        _draw(graph, temporary, extension)
    return _shown(to_file, extension)


# ---- boxes and arrows ---------------------------------------------------------------------------


def _layers_of(model):
    if isinstance(model, Sequential) and not model.built:
        model.build()
    if not _is_graph(model):
        raise ConfigError(
            "There is no diagram of %s: expected a model made of layers and tensors (Sequential, "
            "or Model(inputs, outputs)), with known input shapes."
            % getattr(model, "name", repr(model))
        )
    return model._topology.layers


def _calls(model, layers):
    """Pairs of layers: the second is called on an output of the first."""
    return [
        (source, layer)
        for layer in layers
        for _, node in model._topology.nodes_of(layer)
        for source in node.inbound_layers
        if source is not None
    ]


def _add_layer(pydot, graph, layer, options):
    """Adds a layer; returns the names of the boxes where arrows to it end and from it start."""
    is_wrapper, inner, name = isinstance(layer, Wrapper), _inner(layer), str(id(layer))
    is_frame = options["expand_nested"] and _is_graph(inner)
    if not is_frame or is_wrapper:
        graph.add_node(pydot.Node(name, label=_label(layer, options)))
    if not is_frame:
        return [name], [name]
    graph.add_subgraph(model_to_dot(inner, subgraph=True, **options))
    first, last = _ends(inner)
    if not is_wrapper:
        return first, last
    for box in first:
        graph.add_edge(pydot.Edge(name, box))
    return [name], last


def _inner(layer):
    return layer.layer if isinstance(layer, Wrapper) else layer


def _is_graph(layer):
    return getattr(layer, "_topology", None) is not None


def _ends(model):
    """The boxes of a frame where arrows end and start, in a frame in it if need be."""
    made = [x._keras_history[0] for x in model.inputs], [x._keras_history[0] for x in model.outputs]
    return tuple(
        [box for layer in layers for box in _end(layer, which)] for which, layers in enumerate(made)
    )


def _end(layer, which):
    ends_here = not _is_graph(_inner(layer)) or (isinstance(layer, Wrapper) and which == 0)
    return [str(id(layer))] if ends_here else _ends(_inner(layer))[which]


def _label(layer, options):
    name, kind = layer.name, type(layer).__name__
    if isinstance(layer, Wrapper):
        name = "%s(%s)" % (name, layer.layer.name)
        kind = "%s(%s)" % (kind, type(layer.layer).__name__)
    label = "%s: %s" % (name, kind) if options["show_layer_names"] else kind
    label = re.sub(r"([<>{}|])", r"\\\1", label)  # these divide a box
    if not options["show_shapes"]:
        return label
    shapes = _shape(layer, "input_shape"), _shape(layer, "output_shape")
    return "%s\n|{input:|output:}|{{%s}|{%s}}" % ((label,) + shapes)


def _shape(layer, which):
    try:
        return str(getattr(layer, which))
    except AttributeError:
        return "multiple"


# ---- Graphviz -----------------------------------------------------------------------------------


def _pydot():
    try:
        return importlib.import_module("pydot")
    except ImportError as error:
        raise MissingDependencyError(
            "Diagrams of models need pydot, and importing it failed (%s): %s." % (error, _EXTRA)
        ) from error


def _draw(graph, path, extension):
    if shutil.which("dot"):
        graph.write(path, format=extension)
        return
    try:
        library = importlib.import_module("pygraphviz")
    except ImportError as error:
        raise MissingProgramError(
            "Drawing a model needs Graphviz: its program `dot` in the PATH "
            "(https://www.graphviz.org/), or the library that comes with pygraphviz 2: %s." % _EXTRA
        ) from error
    library.AGraph(string=graph.to_string()).draw(path, format=extension, prog="dot")


def _shown(path, extension):
    try:
        display = importlib.import_module("IPython.display")
    except ImportError:
        return None
    return (display.SVG if extension == "svg" else display.Image)(filename=path)
