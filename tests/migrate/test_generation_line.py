"""Rule ``generation``: the line by which a program chooses its generation."""

import os

from tfkeras_compat.migrate import outcomes, programs
from tfkeras_compat.migrate.names import Program
from tfkeras_compat.migrate.rules import rules_up_to

OLD = Program(generation="1.2")
LINES = 'import tfkeras_compat\ntfkeras_compat.generation("1.2")\n'


def test_the_line_stands_before_the_first_import_of_keras(check_transformed):
    check_transformed(
        '"""Old."""\nfrom __future__ import print_function\nimport numpy\n'
        "from keras import layers\n",
        '"""Old."""\nfrom __future__ import print_function\nimport numpy\n'
        + LINES
        + "from tfkeras_compat import layers\n",
        program=OLD,
    )
    check_transformed(
        "import keras as k  # old\nx = 1\n",
        'import tfkeras_compat as k  # old\nk.generation("1.2")\nx = 1\n',
        program=OLD,
    )
    check_transformed(
        "try:\n    import keras\nexcept ImportError:\n    keras = None\n",
        LINES + "try:\n    import tfkeras_compat as keras\nexcept ImportError:\n    keras = None\n",
        program=OLD,
    )


def test_the_line_stands_before_a_module_beside_the_script_that_makes_layers(check_transformed):
    source = "import numpy\nfrom network import model\nmodel.fit(x, y)\n"
    beside = OLD._replace(beside=("network",))
    check_transformed(source, source.replace("from", LINES + "from", 1), program=beside)


def test_there_is_no_line_where_none_is_needed_or_one_is_there(check_noop):
    check_noop("from tfkeras_compat import layers\n")
    check_noop("import numpy\n", program=OLD)
    check_noop('from tfkeras_compat import generation, layers\ngeneration("2.2")\n', program=OLD)


def written(folder, **sources):
    for name, source in sources.items():
        (folder / (name + ".py")).write_text(source)
    return [str(folder / (name + ".py")) for name in sources]


def test_only_the_script_of_a_program_chooses_by_what_all_of_it_spells(tmp_path):
    paths = written(
        tmp_path,
        network="from keras.layers import Dense\nlayer = Dense(3)\n",
        script="import network\nmodel.fit(x, nb_epoch=2)\n",
        other="from keras.layers import Conv2D\n",
    )
    texts = {
        os.path.basename(each.old.path): each.new.text
        for each in outcomes.outcomes(paths, rules_up_to("drop-in"))
    }
    assert texts["script.py"] == LINES + "import network\nmodel.fit(x, nb_epoch=2)\n"
    assert "generation" not in texts["network.py"] + texts["other.py"]


def test_a_program_that_was_migrated_needs_no_line_again(tmp_path):
    path = written(tmp_path, script="import keras\nmodel.fit(x, nb_epoch=2)\n")
    (first,) = outcomes.outcomes(path, rules_up_to("keras2"))
    (tmp_path / "script.py").write_text(first.new.text)
    (second,) = outcomes.outcomes(path, rules_up_to("keras2"))
    assert second.new.text == first.new.text and first.new.text.count("generation") == 1
    assert programs.programs_of(path, outcomes.module_at)[path[0]].generation is None
