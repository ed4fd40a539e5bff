"""``python -m tfkeras_compat convert SOURCE TARGET``: model files of then in formats of today, with
a proof that they give the same."""
