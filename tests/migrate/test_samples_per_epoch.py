"""Rule ``samples_per_epoch``."""

import pytest

from tfkeras_compat.migrate.names import Program

KERAS = "import tfkeras_compat\n"
OLD = KERAS + 'tfkeras_compat.generation("1.2")\n'


@pytest.mark.parametrize(
    "head, old, new",
    [
        (KERAS, "samples_per_epoch=100", "steps_per_epoch=6"),
        (OLD, "samples_per_epoch=100", "steps_per_epoch=7"),
        (OLD, "samples_per_epoch=96, nb_epoch=2", "steps_per_epoch=6, epochs=2"),
        (
            OLD,
            "samples_per_epoch=32, nb_val_samples=65, validation_data=f.flow(a, b, 32)",
            "steps_per_epoch=2, validation_steps=3, validation_data=f.flow(a, b, 32)",
        ),
    ],
)
def test_batches_are_counted_where_their_size_is_seen(head, old, new, check_transformed):
    source = head + "g = gen.flow(x, y, batch_size=16)\nm.fit_generator(g, %s)\n"
    check_transformed(source % old, source % new, "keras2")
    generation = Program(generation="1.2") if head == OLD else Program()
    check_transformed(source % old, source % new, "keras2", generation)


@pytest.mark.parametrize(
    "source", ["m.fit_generator(g, %s=n)", "for g in gs:\n    m.evaluate_generator(g, %s=9)"]
)
def test_else_it_is_marked(source, check_transformed):
    old, new = (
        ("val_samples", "steps")
        if "evaluate" in source
        else ("samples_per_epoch", "steps_per_epoch")
    )
    mark = (
        "# keras2: %s: it counts samples, and the size of a batch is not to be seen here: write "
        "%s, the number of batches\n" % (old, new)
    )
    before = KERAS + source % old + "\n"
    indentation = "    " if "for" in source else ""
    after = before.replace(indentation + "m.", indentation + mark + indentation + "m.")
    check_transformed(before, after, "keras2")


def test_what_counts_batches_and_methods_of_others_stay(check_noop):
    check_noop(KERAS + "m.fit_generator(g, steps_per_epoch=3)\n", "keras2")
    check_noop("m.fit_generator(g, samples_per_epoch=3)\n", "keras2")
