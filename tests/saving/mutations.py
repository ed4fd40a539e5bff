"""Damages to files, by number: the same number always damages in the same way."""

import copy
import json
import random


def _bits(chance, data, at, size):
    data[at] ^= 1 << chance.randrange(8)


def _noise(chance, data, at, size):
    data[at : at + size] = bytes(chance.randrange(256) for _ in data[at : at + size])


def _zeros(chance, data, at, size):
    data[at : at + size] = bytes(len(data[at : at + size]))


def _ones(chance, data, at, size):
    data[at : at + size] = b"\xff" * len(data[at : at + size])


def _cut(chance, data, at, size):
    del data[max(1, at) :]


def _splice(chance, data, at, size):
    begin = chance.randrange(len(data))
    piece = data[begin : begin + size]
    data[at : at + len(piece)] = piece


def _number(chance, data, at, size):
    """Another address or length in the place of one."""
    at -= at % 8
    values = [0, 1, at, at - 8, 2**32 - 1, 2**63, 2**64 - 1, chance.randrange(len(data))]
    data[at : at + 8] = (chance.choice(values) % 2**64).to_bytes(8, "little")


def _shorter(chance, data, at, size):
    del data[at : at + size]
    if not data:
        data += b"x"


_KINDS = [_bits, _noise, _zeros, _ones, _cut, _splice, _number, _shorter]


def of_bytes(content, number, head=4096):
    """Bytes that are damaged in one to sixteen places, half of the time in the first ones only."""
    chance, data = random.Random(number), bytearray(content)
    end = len(data) if chance.random() < 0.5 else head
    kind = chance.choice(_KINDS)
    for _ in range(1 if kind is _cut else chance.choice([1, 1, 2, 4, 16])):
        kind(chance, data, chance.randrange(min(end, len(data))), chance.choice([1, 2, 8, 32, 256]))
    return bytes(data)


# ---- structures ---------------------------------------------------------------------------------

_VALUES = [None, True, -1, 0, 1, 3, 2**31, 2**70, 0.5, 1e300, float("nan"), [], [[]], [None, None]]
_VALUES += ["", "relu", "\u00e9\0", "os.system", "../../x", {}, {"class_name": "Dense"}, {"a": [1]}]
_VALUES += [{"class_name": "Lambda", "config": {"function": ["YQ==", None, None]}}]


def of_values(value, number):
    """A structure of dictionaries and lists that is damaged in one place or a few."""
    chance, value = random.Random(number), copy.deepcopy(value)
    for _ in range(chance.choice([1, 1, 2, 4])):
        places = list(_places(value))
        if places:
            _change(chance, places)
    return value


def _places(value):
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in list(pairs):
        yield value, key
        if isinstance(inner, (dict, list)):
            yield from _places(inner)


def _change(chance, places):
    container, key = chance.choice(places)
    what = chance.randrange(4)
    if what == 0:
        del container[key]
    elif what == 1:  # what stands elsewhere
        other, place = chance.choice(places)
        container[key] = copy.deepcopy(other[place])
    elif what == 2 and isinstance(container, dict):
        container[chance.choice(["class_name", "config", "name", "x"])] = container.pop(key)
    else:
        container[key] = copy.deepcopy(chance.choice(_VALUES))


def of_json(text, number):
    """JSON text, damaged as text or, more often, as a structure."""
    if number % 4 == 0:
        return of_bytes(text.encode(), number).decode("utf-8", "replace")
    return json.dumps(of_values(json.loads(text), number))


# ---- graphs -------------------------------------------------------------------------------------


def of_meta_graph(meta_graph, number):
    """Changes one thing or a few in a meta graph, which stays a message that can be read."""
    chance = random.Random(number)
    for _ in range(chance.choice([1, 1, 2, 4])):
        chance.choice(_OF_GRAPHS)(chance, meta_graph)


def _node(chance, meta_graph):
    return chance.choice(meta_graph.graph_def.node)


def _other_operation(chance, meta_graph):
    _node(chance, meta_graph).op = chance.choice(
        [
            _node(chance, meta_graph).op,
            "Nothing",
            "",
            "MatMul",
            "ReadFile",
            "VarHandleOp",
            "Reshape",
        ]
    )


def _other_input(chance, meta_graph):
    inputs = _node(chance, meta_graph).input
    if inputs:
        name = _node(chance, meta_graph).name
        inputs[chance.randrange(len(inputs))] = chance.choice(
            [name, name + ":7", "^" + name, "", "no"]
        )


def _fewer_inputs(chance, meta_graph):
    inputs = _node(chance, meta_graph).input
    if inputs:
        del inputs[chance.randrange(len(inputs))]


def _other_attribute(chance, meta_graph):
    attributes = _node(chance, meta_graph).attr
    if not attributes:
        return
    name = chance.choice(sorted(attributes))
    others = _node(chance, meta_graph).attr
    if others and chance.random() < 0.5:
        attributes[name].CopyFrom(others[chance.choice(sorted(others))])
    else:
        del attributes[name]


def _other_shape(chance, meta_graph):
    for value in _node(chance, meta_graph).attr.values():
        for shape in (value.shape, value.tensor.tensor_shape):
            for axis in shape.dim:
                axis.size = chance.choice([-7, -1, 0, 1, 2**31, 2**62, axis.size])


def _other_type(chance, meta_graph):
    for value in _node(chance, meta_graph).attr.values():
        if value.type:
            value.type = chance.choice([0, 1, 2, 3, 7, 10, 14, 19, 20, 21, 99, 101])
        if value.HasField("tensor"):
            value.tensor.dtype = chance.choice([0, 1, 2, 3, 7, 20, 99])


def _other_values(chance, meta_graph):
    for value in _node(chance, meta_graph).attr.values():
        if value.HasField("tensor"):
            content = value.tensor.tensor_content or b"1234"
            value.tensor.tensor_content = of_bytes(content, chance.randrange(10**6))


def _other_name(chance, meta_graph):
    _node(chance, meta_graph).name = chance.choice(
        [_node(chance, meta_graph).name, "", "a b", "x" * 999]
    )


def _other_signature(chance, meta_graph):
    for signature in meta_graph.signature_def.values():
        for infos in (signature.inputs, signature.outputs):
            for info in infos.values():
                info.name = chance.choice(["", "no:0", _node(chance, meta_graph).name + ":0"])


def _other_saver(chance, meta_graph):
    saver, name = meta_graph.saver_def, _node(chance, meta_graph).name
    field = chance.choice(["filename_tensor_name", "save_tensor_name", "restore_op_name"])
    setattr(saver, field, chance.choice([name, name + ":0", ""]))


def _other_collection(chance, meta_graph):
    key = chance.choice(sorted(meta_graph.collection_def) or ["variables"])
    values = meta_graph.collection_def[key].bytes_list.value
    values.append(b"\x0a\x03abc")
    values[0] = of_bytes(values[0], chance.randrange(10**6))


_OF_GRAPHS = [
    _other_operation,
    _other_input,
    _fewer_inputs,
    _other_attribute,
    _other_shape,
    _other_type,
    _other_values,
    _other_name,
    _other_signature,
    _other_saver,
    _other_collection,
]
