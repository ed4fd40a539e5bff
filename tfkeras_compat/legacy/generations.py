"""The generations of Keras, as tables: what differs between them is data. Pure data.

No layer asks which generation is on; it looks up what it needs.
"""

DEFAULT = "2.2"

GENERATIONS = {
    "2.2": {"title": "multi-backend Keras 2.2"},
}
