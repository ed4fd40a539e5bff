"""The table of layers, against what Keras 2.2.5 printed for the same models."""

import pytest

from tfkeras_compat.layers import (
    BatchNormalization,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    Input,
    concatenate,
)
from tfkeras_compat.models import Model, Sequential

# fmt: off
STACK = """\
Model: "stack"
_________________________________________________________________
Layer (type)                 Output Shape              Param #
=================================================================
hidden (Dense)               (None, 16)                144
_________________________________________________________________
norm (BatchNormalization)    (None, 16)                64
_________________________________________________________________
drop (Dropout)               (None, 16)                0
_________________________________________________________________
out (Dense)                  (None, 3)                 51
=================================================================
Total params: 259
Trainable params: 227
Non-trainable params: 32
_________________________________________________________________
"""

GRAPH = """\
Model: "graph"
__________________________________________________________________________________________________
Layer (type)                    Output Shape         Param #     Connected to
==================================================================================================
a (InputLayer)                  (None, 4)            0
__________________________________________________________________________________________________
b (InputLayer)                  (None, 4)            0
__________________________________________________________________________________________________
shared (Dense)                  (None, 5)            25          a[0][0]
                                                                 b[0][0]
__________________________________________________________________________________________________
joined (Concatenate)            (None, 10)           0           shared[0][0]
                                                                 shared[1][0]
__________________________________________________________________________________________________
first (Dense)                   (None, 2)            22          joined[0][0]
__________________________________________________________________________________________________
second_with_a_very_long_name (D (None, 1)            11          joined[0][0]
==================================================================================================
Total params: 58
Trainable params: 33
Non-trainable params: 25
__________________________________________________________________________________________________
"""

NESTED = """\
Model: "nested"
_________________________________________________________________
Layer (type)                 Output Shape              Param #
=================================================================
ids (InputLayer)             (None, 6)                 0
_________________________________________________________________
words (Embedding)            (None, 6, 64)             64000
_________________________________________________________________
inner (Sequential)           (None, 7)                 2695
=================================================================
Total params: 66,695
Trainable params: 66,695
Non-trainable params: 0
_________________________________________________________________
"""

# fmt: on


def stack():
    return Sequential(
        [
            Dense(16, input_shape=(8,), name="hidden"),
            BatchNormalization(name="norm"),
            Dropout(0.5, name="drop"),
            Dense(3, name="out"),
        ],
        name="stack",
    )


def graph():
    a, b = Input((4,), name="a"), Input((4,), name="b")
    shared = Dense(5, name="shared")
    joined = concatenate([shared(a), shared(b)], name="joined")
    outputs = [
        Dense(2, name="first")(joined),
        Dense(1, name="second_with_a_very_long_name")(joined),
    ]
    shared.trainable = False
    return Model([a, b], outputs, name="graph")


def nested():
    x = Input((6,), dtype="int32", name="ids")
    inner = Sequential(name="inner")
    inner.add(Flatten(name="flat", input_shape=(6, 64)))
    inner.add(Dense(7, name="d"))
    return Model(x, inner(Embedding(1000, 64, name="words")(x)), name="nested")


def printed(model, **settings):
    lines = []
    model.summary(print_fn=lines.append, **settings)
    return lines


@pytest.mark.parametrize("make, expected", [(stack, STACK), (graph, GRAPH), (nested, NESTED)])
def test_the_table_is_the_originals(make, expected):
    assert [line.rstrip() for line in printed(make())] == expected.splitlines()


def test_cells_are_cut_and_padded_to_their_columns():
    lines = printed(graph(), line_length=60, positions=[0.4, 0.6, 0.75, 1.0])
    assert lines[2] == "Layer (type)            Output Shap Param #  Connected to   "
    assert lines[-6] == "second_with_a_very_long (None, 1)   11       joined[0][0]   "


def test_the_table_goes_to_standard_output_by_default(capsys):
    stack().summary()
    assert capsys.readouterr().out.startswith('Model: "stack"\n____')


def test_a_layer_with_outputs_of_several_shapes_says_multiple():
    shared = Flatten(name="flat")
    outputs = [shared(Input((2, 3))), shared(Input((4, 5)))]
    inputs = [shared.get_input_at(index) for index in (0, 1)]
    (row,) = [line for line in printed(Model(inputs, outputs)) if line.startswith("flat")]
    assert row.split() == ["flat", "(Flatten)", "multiple", "0", "input_1[0][0]"]


def test_a_model_that_is_not_built_says_what_to_do():
    with pytest.raises(ValueError, match="not yet been built.*input_shape"):
        Sequential([Dense(2)]).summary()


def test_a_model_frozen_after_it_was_compiled_says_that_the_counts_differ(capsys):
    model = Sequential([Dense(2, input_shape=(3,)), Dense(1)])
    model.compile("sgd", "mse")
    model.summary()
    model.layers[0].trainable = False
    with pytest.warns(UserWarning, match="Discrepancy between trainable weights"):
        model.summary()
