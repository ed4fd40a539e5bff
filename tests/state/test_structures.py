from tfkeras_compat.state.structures import getargspec


def test_arguments_are_told_as_python_2_did():
    def function(a, b=2, *args, c=3, **kwargs):
        pass

    assert getargspec(function) == (["a", "b"], "args", "kwargs", (2,))
    assert getargspec(function).keywords == "kwargs"
