"""Rules ``merge`` and ``Merge``."""

import pytest

LAYERS = "from tfkeras_compat.layers import "


@pytest.mark.parametrize(
    "old, new",
    [
        (
            LAYERS + "merge, Dense\nx = merge([a, b], mode='concat', concat_axis=1)\n",
            LAYERS + "concatenate, Dense\nx = concatenate([a, b], axis=1)\n",
        ),
        (
            LAYERS + "merge as m\nx = m([a, b], 'sum', name='s')\ny = m(inputs=z, mode='mul')\n",
            LAYERS + "add, multiply\nx = add([a, b], name='s')\ny = multiply(z)\n",
        ),
        (LAYERS + "merge\nmerge([a, b], mode='dot')\n", LAYERS + "dot\ndot([a, b], axes=-1)\n"),
        (
            LAYERS + "merge\nx = merge([a, b], mode='ave',  # mean\n          concat_axis=2)\n",
            LAYERS + "average\nx = average([a, b])\n",
        ),
        (
            "import tfkeras_compat as k\nk.layers.Merge(mode='max')([a, b])\n",
            "import tfkeras_compat as k\nk.layers.Maximum()([a, b])\n",
        ),
        (LAYERS + "Merge\nMerge(None, 'sum')(z)\n", LAYERS + "Add\nAdd()(z)\n"),
    ],
)
def test_each_mode_has_a_function_and_a_layer(old, new, check_transformed):
    if "# mean" in old:
        new = new.replace("x =", "# mean\nx =")
    check_transformed(old, new, "keras2")


@pytest.mark.parametrize(
    "source, name",
    [
        (LAYERS + "merge\nmerge(z, mode=lambda z: z[0])\n", "merge"),
        (LAYERS + "merge\nmerge(z, mode='cos')\n", "merge"),
        (LAYERS + "Merge\nmodel.add(Merge([left, right], mode='concat'))\n", "Merge"),
    ],
)
def test_what_has_no_equivalent_is_marked(source, name, check_transformed):
    mark = (
        "# keras2: %s: Keras 2 has no such way to merge: write a Lambda layer for a function or "
        "for cosines, or the functional interface\n" % name
    )
    head, call = source.split("\n", 1)
    check_transformed(source, head + "\n" + mark + call, "keras2")


def test_functions_of_others_stay(check_noop):
    check_noop("merge(z, mode='sum')\nframe.merge(other)\n", "keras2")
    check_noop(LAYERS + "add\nadd([a, b])\n", "keras2")
