"""Tables of names: pure data, read by the import finder, by ``run`` and by the migration rules."""
