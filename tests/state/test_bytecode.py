"""Bytecode in configurations: what this process wrote loads again, the rest only if trusted."""

import base64
import json
import marshal
import subprocess
import sys
import threading

import pytest

from tfkeras_compat.errors import ConfigError, UnsafeConfigError
from tfkeras_compat.state import bytecode


def foreign(source="lambda x: x + 1"):
    """Bytecode as another process writes it: this one has never dumped it."""
    code = eval(source).__code__
    return base64.encodebytes(marshal.dumps(code)).decode("ascii")


def test_a_function_written_here_loads_again():
    assert bytecode.load_function(bytecode.dump_function(lambda x: x * 3))(2) == 6


def test_a_function_written_here_loads_again_after_a_way_through_json():
    dumped = json.loads(json.dumps(bytecode.dump_function(lambda x, y=4: x * y)))
    assert bytecode.load_function(dumped)(2) == 8


def test_defaults_and_closure_are_kept():
    factor = 5
    dumped = bytecode.dump_function(lambda x, y=1: x * factor + y)
    assert dumped[1:] == ((1,), (5,))
    assert bytecode.load_function(dumped)(2) == 11


def test_the_parts_may_be_given_one_by_one():
    code, defaults, closure = bytecode.dump_function(lambda x, y=1: x + y)
    assert bytecode.load_function(code, defaults=(7,), closure=closure)(2) == 9


def test_the_loaded_function_sees_the_given_globals():
    dumped = bytecode.dump_function(lambda x: x + offset)  # noqa: F821
    assert bytecode.load_function(dumped, globs={"offset": 3})(1) == 4


def test_the_loaded_function_sees_the_names_of_python_itself():
    dumped = bytecode.dump_function(lambda values: sorted(values))
    assert bytecode.load_function(dumped, globs={"x": 1})((2, 1)) == [1, 2]


def test_the_bytecode_is_that_of_the_original():
    def function(x):
        return x

    code, _, _ = bytecode.dump_function(function)
    assert marshal.loads(base64.decodebytes(code.encode())) == function.__code__


def test_foreign_bytecode_is_refused_and_the_message_names_three_ways_out():
    with pytest.raises(UnsafeConfigError) as raised:
        bytecode.load_function(foreign("lambda x: x + 100"))
    for way in ("safe_mode=False", "custom_objects", "run --trust-files"):
        assert way in str(raised.value)


def test_bytecode_of_another_process_is_refused_here():
    script = (
        "from tfkeras_compat.state.bytecode import dump_function; import json;"
        "print(json.dumps(dump_function(lambda x: x + 12345)))"
    )
    written = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, check=True)
    with pytest.raises(UnsafeConfigError):
        bytecode.load_function(json.loads(written.stdout.decode()))


def test_foreign_bytecode_loads_where_it_is_trusted_and_only_there():
    code = foreign()
    with bytecode.trusting():
        assert bytecode.load_function(code)(1) == 2
    with pytest.raises(UnsafeConfigError):
        bytecode.load_function(code)


def test_trust_ends_with_its_context_also_after_an_error():
    with pytest.raises(KeyError):
        with bytecode.trusting():
            raise KeyError
    assert not bytecode.is_trusting()


def test_not_trusting_inside_a_trusting_context_changes_nothing():
    with bytecode.trusting(), bytecode.trusting(False):
        assert bytecode.is_trusting()


def test_trust_of_one_thread_is_not_that_of_another():
    seen = []
    with bytecode.trusting():
        thread = threading.Thread(target=lambda: seen.append(bytecode.is_trusting()))
        thread.start()
        thread.join()
    assert seen == [False]


def test_a_whole_program_may_trust_its_files():
    bytecode.trust_files()
    try:
        assert bytecode.load_function(foreign())(1) == 2
    finally:
        bytecode.trust_files(False)
    assert not bytecode.is_trusting()


@pytest.mark.parametrize(
    "code", ["", "####", base64.encodebytes(b"\xff\x00\x01").decode(), None, 3, foreign()[:20]]
)
def test_unreadable_bytecode_gives_the_same_clear_message_whatever_is_wrong_with_it(code):
    with bytecode.trusting():
        with pytest.raises(ConfigError, match="Python version.*custom_objects"):
            bytecode.load_function(code)


def test_values_that_are_no_code_are_not_taken_for_functions():
    with bytecode.trusting():
        with pytest.raises(ConfigError, match="can not be read"):
            bytecode.load_function(base64.encodebytes(marshal.dumps([1, 2])).decode())


def test_bytecode_in_the_form_before_keras_2_1_2_is_read_where_it_is_trusted():
    code = marshal.dumps((lambda x: x - 1).__code__).decode("raw_unicode_escape")
    with bytecode.trusting():
        assert bytecode.load_function(code)(3) == 2
