"""What takes the place of what in legacy source: rules, and the two ways to apply them.

A rule (:mod:`tfkeras_compat.migrate.rule`) looks at a node of the syntax tree and says what is to
stand there instead. ``in_tree`` applies rules in memory, for ``run``; ``in_text`` applies them to
the text, for the command ``migrate``, and comments and layout survive. Nothing here needs
TensorFlow.
"""
