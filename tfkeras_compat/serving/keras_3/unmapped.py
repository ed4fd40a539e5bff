"""What stays behind on the way to Keras 3."""


class Unmapped(Exception):
    """Something that Keras 3 has nothing for; says what, and why."""
