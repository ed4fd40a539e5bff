"""What counts as equal to Keras 2.2.5, and the recorded answers.

Numbers are equal within ``absolute + RELATIVE * |expected|``. The absolute part is 1e-6, and 1e-5
where many steps add up (recurrent layers) and for gradients. Names, orders, shapes, configurations
and masks are equal or not.
"""

import functools
import json
import os

import layer_cases
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
RELATIVE = 1e-6
EXACT = ("initial", "masks")

# Where we choose to differ: the place, as a failing test prints it, and why.
CHOSEN_DIFFERENCES = {
    "embedding_of_a_matrix: config['layers'][1]['config']['batch_input_shape']": (
        "The original puts a tuple of input lengths into the shape as one entry."
    ),
    "lambda_with_mask: config['layers'][2]['config']['arguments']": (
        "The original leaves the mask of the last call among the arguments."
    ),
    "model_on_a_new_tensor: scopes['outputs'][0]": (
        "Dropout(0) inside a model gives a copy, not the very tensor it got."
    ),
    "model_on_a_new_tensor: scopes['outputs'][1]": (
        "Dropout(0) inside a model gives a copy, not the very tensor it got."
    ),
}
CHOSEN_DIFFERENCES.update(
    (
        "%s: counts['supports_masking'][%d]" % (name, place),
        "Bidirectional hands masks on and says so; the original's base class resets what it said.",
    )
    for name in layer_cases.CASES
    if name.startswith("bidirectional_") or name == "convlstm2d_both_directions"
    for place in (1, 2, 3)
)
CHOSEN_DIFFERENCES.update(
    (
        "bidirectional_lstm_return_state: scopes['outputs'][%d]" % output,
        "The states of the second direction: TensorFlow names its loop, and we name no loop.",
    )
    for output in (3, 4)
)
CHOSEN_DIFFERENCES.update(
    (
        "spatial_dropout%dd: config['layers'][1]['config']" % rank,
        "The original forgets the layout: a layer made from its configuration has the default one.",
    )
    for rank in (2, 3)
)
CHOSEN_DIFFERENCES.update(
    ("%s: names['variables']" % name, "The original keeps zeros that tell the size of a state.")
    for name, case in layer_cases.CASES.items()
    if ("convlstm2d" in name or name == "conv_rnn2d") and not case.options["stateful"]
)


def tolerance(case, question):
    """The absolute part of the tolerance."""
    if question in EXACT:
        return 0.0
    return 1e-5 if case.options["recurrent"] or question == "gradients" else 1e-6


@functools.lru_cache(maxsize=None)
def _facts():
    with open(os.path.join(HERE, "layers.json")) as file:
        return json.load(file)


@functools.lru_cache(maxsize=None)
def _numbers():
    with np.load(os.path.join(HERE, "layers.npz")) as arrays:
        return {key: arrays[key] for key in arrays.files}


def recorded(case, question):
    """The answer that the original gave: JSON values, or a dictionary of arrays."""
    if question in _facts()[case.name]:
        return _facts()[case.name][question]
    start = "%s/%s/" % (case.name, question)
    return {
        key[len(start) :].replace("|", "/"): value
        for key, value in _numbers().items()
        if key.startswith(start)
    }


def answer(answers, question):
    """One of the answers of ``observe``; raises what went wrong in asking."""
    if isinstance(answers[question], Exception):
        raise answers[question]
    return answers[question]


def assert_same_facts(ours, theirs, place):
    """The same JSON values but for chosen differences; the first others are in the message.

    ``place`` begins the name of every entry: ``case: question``.
    """
    different = [
        "%s: %s | %s" % (where, json.dumps(our), json.dumps(their))
        for where, our, their in _differences(ours, theirs, place)
        if where not in CHOSEN_DIFFERENCES
    ]
    assert not different, "\n".join(["ours | Keras 2.2.5"] + different[:10])


def _differences(ours, theirs, where):
    if type(ours) is not type(theirs) or not isinstance(ours, (dict, list)):
        if ours != theirs:
            yield where, ours, theirs
        return
    if _places(ours) != _places(theirs):
        yield where, _brief(ours), _brief(theirs)
        return
    for place in _places(ours):
        yield from _differences(ours[place], theirs[place], "%s[%r]" % (where, place))


def _places(value):
    return sorted(value) if isinstance(value, dict) else list(range(len(value)))


def _brief(value):
    return _places(value) if isinstance(value, dict) else value


def rounding(array):
    """What float32 can lose in an entry whose summands are as great as the greatest entry: another
    processor adds them up in another order."""
    return 3e-7 * np.max(np.abs(array), initial=0.0)


def assert_same_numbers(ours, theirs, absolute):
    """The same arrays under the same names, within the tolerance."""
    assert sorted(ours) == sorted(theirs)
    for entry in sorted(theirs):
        expected = np.asarray(theirs[entry], "float32")
        np.testing.assert_allclose(
            np.asarray(ours[entry], "float32"),
            expected,
            rtol=RELATIVE if absolute else 0,
            atol=max(absolute, rounding(expected)) if absolute else 0,
            err_msg=entry,
        )
