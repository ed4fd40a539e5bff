"""State of a graph: session, learning phase, names, records of calls; and of the process:
configuration, registry."""
