"""Raw data made into arrays: sequences, texts, images."""

from tfkeras_compat.preprocessing import image, sequence, text

__all__ = ["image", "sequence", "text"]
