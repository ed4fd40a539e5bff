"""Legacy programs without a change to their source: ``python -m tfkeras_compat run``."""
