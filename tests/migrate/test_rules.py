"""Every rule, applied to text: what it leaves alone, and what it changes."""

import pytest

from tfkeras_compat.migrate.rules import RULES

# Rule -> source that it leaves as it is, source that it changes, what that becomes.
EXAMPLES = {
    "imports": (
        "from .keras import Dense  # import keras\nimport numpy\n",
        "from keras import backend as K\n",
        "from tfkeras_compat import backend as K\n",
    ),
    "imports by name": (
        "find('keras'); import_module(name); __import__('json')\n",
        "losses = importlib.import_module('keras.losses')\n",
        "losses = importlib.import_module('tfkeras_compat.losses')\n",
    ),
    "imports of Python 2": (
        "import json, copyreg_\n",
        "import Queue as q\n",
        "import tfkeras_compat.dropin.python_2.modules.Queue as q\n",
    ),
    "division": (
        "from __future__ import division\nx = a / b\n",
        "x = (a +  # two\n     b) / (c / 2)\n",
        "x = __divided__(a +  # two\n     b, __divided__(c, 2))\n",
    ),
    "division in place": (
        "from __future__ import division\nx //= 2\nx /= 2\n",
        "x[0] /= 2\n",
        "x[0] = __divided_in_place__(x[0], 2)\n",
    ),
    "codecs": (
        "o.encode = 1\nencode('a')\n",
        "x = 'é'.encode('utf-8')\n",
        "x = __encoded__('é')('utf-8')\n",
    ),
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_changes_what_it_is_for_and_nothing_else(rule, check_noop, check_transformed):
    alone, old, new = EXAMPLES[rule.name]
    check_noop(alone, rule.steps[0])
    check_transformed(old, new, rule.steps[0])
