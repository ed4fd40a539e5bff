"""Layers, the nodes that their calls leave, and networks of them."""
