"""Two texts side by side."""

from tfkeras_compat.doctor.differences import CHANGED, GAP, SAME, rows


def text_of(side):
    return side and "".join(text for text, _ in side.pieces)


def test_equal_texts_have_no_rows():
    assert rows("a\nb\n", "a\nb\n") == []


def test_what_differs_within_a_line_is_marked():
    (row,) = rows("from keras.layers import Dense", "from tfkeras_compat.layers import Dense")
    assert [piece for piece in row.old.pieces if piece[1]] == [("keras", True)]
    assert [piece for piece in row.new.pieces if piece[1]] == [("tfkeras_compat", True)]
    assert text_of(row.new) == "from tfkeras_compat.layers import Dense"


def test_lines_that_are_not_alike_are_whole():
    (row,) = rows("import keras", "a = b + c")
    assert row.old.pieces == (("import keras", False),)


def test_far_from_a_change_there_is_a_gap():
    old = "\n".join(map(str, range(20)))
    found = rows(old, old.replace("10", "ten"))
    assert [row.kind for row in found] == [GAP, SAME, SAME, CHANGED, SAME, SAME, GAP]
    assert (found[3].old.number, found[3].new.number) == (11, 11)


def test_a_line_more_or_less_has_nothing_beside_it():
    more = rows("a\n", "a\nb\n")[-1]
    less = rows("a\nb\n", "a\n")[-1]
    assert (more.kind, more.old, text_of(more.new)) == (CHANGED, None, "b")
    assert (less.kind, text_of(less.old), less.new) == (CHANGED, "b", None)
