"""SavedModels of unknown origin: a SavedModel is a program, and some operations reach out of it.

What calls Python, reads or writes files, or talks to other machines is refused. The saver that
every SavedModel has may read the file that it is given, and nothing that is computed may depend on
it.
"""

import os
import re
from typing import Any, Set

from tfkeras_compat import _tf
from tfkeras_compat.errors import (
    CompatError,
    FileFormatError,
    MissingFileError,
    MissingTagsError,
    UnsafeConfigError,
)
from tfkeras_compat.saving import constants

_REACHES_OUT = re.compile(
    "PyFunc|ReadFile|WriteFile|FileReader|MatchingFiles|FileSystem|FileWriter|FromTextFile|"
    "CSVDataset|CacheDataset|RecordDataset|RecordReader|RecordInput|ToTFRecord|TextLine|LMDB|"
    "SqlDataset|Snapshot(Chunk|Dataset|Nested)|SaveDataset|LoadDataset|DistributedSave|"
    "DTensorRestore|DataService|^Rpc|RemoteCall|^Debug|DumpTensor|(De|En)codeProto|"
    "LoadAndRemap|GenerateVocab|SummaryDbWriter|XlaCustomCall"
)
_SAVES = re.compile("^Save(V2|Slices)?$|^MergeV2Checkpoints$")
_RESTORES = re.compile("^Restore(V2|Slice)?$")
_INIT_OPS = ("saved_model_main_op", "legacy_init_op")


def load(session, tags, folder, safe_mode=True):
    """The meta graph of a SavedModel, which is loaded into a session.

    Args: ``safe_mode`` says whether operations that reach out of the graph are refused.
    Raises: MissingFileError; MissingTagsError if there is no graph for the tags; UnsafeConfigError;
    FileFormatError if it is damaged.
    """
    folder, from_file = os.fsdecode(folder), _tf.tf.saved_model.loader
    if not from_file.maybe_saved_model_directory(folder):
        raise MissingFileError("There is no SavedModel in %s." % folder)
    try:
        meta_graph = _meta_graph(_tf.parse_saved_model(folder), tags, folder)
        constants.check(_nodes(meta_graph), folder)
        if safe_mode:
            check(meta_graph, folder)
        return from_file.load(session, tags, folder)
    except CompatError:
        raise
    except Exception as error:  # a damaged graph can lead to any
        raise FileFormatError(
            "%s can not be loaded as a SavedModel: it is damaged, or made for another machine "
            "(%s: %s)." % (folder, type(error).__name__, error)
        ) from error


def _meta_graph(saved_model, tags, folder):
    known = [sorted(each.meta_info_def.tags) for each in saved_model.meta_graphs]
    if sorted(set(tags)) not in known:
        raise MissingTagsError(
            "%s has no graph with the tags %s; it has some with %s."
            % (folder, ", ".join(sorted(tags)), " or ".join(map(", ".join, known)) or "none")
        )
    return saved_model.meta_graphs[known.index(sorted(set(tags)))]


def check(meta_graph, folder):
    """Raises UnsafeConfigError if a graph has operations that reach out of it."""
    program = _Program(meta_graph, _assets(folder, meta_graph))
    unsafe = sorted({node.op for node in program.nodes if program.reaches_out(node)})
    unsafe += sorted(program.computed_with_files())
    if unsafe:
        raise UnsafeConfigError(
            "%s is a program with operations that call Python, use files or talk to other "
            "machines: %s. If you trust its origin, load it with safe_mode=False, or with "
            "TensorFlow's own loader, tf.saved_model.loader.load." % (folder, ", ".join(unsafe))
        )


def _assets(folder, meta_graph):
    """The nodes that stand for the files in the SavedModel's own folder."""
    found = _tf.assets_of(folder, meta_graph)
    for path in map(os.fsdecode, found.values()):
        if not path.startswith(folder) or ".." in re.split(r"[/\\]", path[len(folder) :]):
            raise UnsafeConfigError("%s names a file outside of its folder: %s." % (folder, path))
    return {_node(name) for name in found}


def _nodes(meta_graph):
    graph = meta_graph.graph_def
    inside = [node for each in graph.library.function for node in each.node_def]
    return list(graph.node) + inside


class _Program:
    """The nodes of a graph and of the functions in it."""

    def __init__(self, meta_graph, assets):
        self._meta = meta_graph
        graph = meta_graph.graph_def
        self._graph = {node.name: node for node in graph.node}
        self._functions = {each.signature.name: each for each in graph.library.function}
        self.nodes = _nodes(meta_graph)
        self._assets = assets
        self._arguments = {
            each.name for one in self._functions.values() for each in one.signature.input_arg
        }

    def reaches_out(self, node):
        """Whether a node uses what lies outside of the SavedModel."""
        if node.op == "PrintV2":
            return not re.match(b"std|log|$", node.attr["output_stream"].s)
        if node.op.startswith("InitializeTableFromTextFile"):  # a vocabulary
            return _node(self._source(node.input[1])) not in self._assets | self._arguments
        if _RESTORES.match(node.op):
            return not self._given_to_saver(node.input[:1])
        if any(_RESTORES.match(each.op) for each in self._with_functions(node)):
            return not self._given_to_saver(node.input)
        return bool(_REACHES_OUT.search(node.op))

    def _given_to_saver(self, names):
        """Whether all inputs are the name of the file that the saver is given."""
        given = {_node(self._meta.saver_def.filename_tensor_name)} | self._arguments
        return {_node(name) for name in names} <= given

    def _source(self, name):
        node = self._graph.get(_node(name))
        return self._source(node.input[0]) if node is not None and node.op == "Identity" else name

    def computed_with_files(self):
        """The operations of the saver that signatures, or what is run at the start, depend on."""
        pending = [_node(name) for name in self._run()]
        known = set(pending)
        found = set()
        while pending:
            node = self._graph.get(pending.pop())
            for each in self._with_functions(node) if node is not None else ():
                if _SAVES.match(each.op) or _RESTORES.match(each.op):
                    found.add(each.op)
            new = {_node(name) for name in node.input} - known if node is not None else set()
            known |= new
            pending += new
        return found

    def _run(self):
        for signature in self._meta.signature_def.values():
            for info in signature.outputs.values():
                yield info.name
        for key in _INIT_OPS:
            if key in self._meta.collection_def:
                yield from self._meta.collection_def[key].node_list.value

    def _with_functions(self, node):
        """A node and those of all functions that it calls."""
        found: Any = [node]
        known: Set[str] = set()
        for each in found:  # which grows
            for function in _called_by(each) - known:
                known.add(function)
                if function in self._functions:
                    found += self._functions[function].node_def
        return found


def _called_by(node):
    functions = {node.op}
    for value in node.attr.values():
        functions.update(each.name for each in [value.func] + list(value.list.func) if each.name)
    return functions


def _node(name):
    return name.lstrip("^").split(":")[0]
