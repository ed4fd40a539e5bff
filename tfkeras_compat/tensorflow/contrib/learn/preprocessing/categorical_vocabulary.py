"""``tf.contrib.learn.preprocessing.categorical_vocabulary``."""

import collections
from typing import Any

from tfkeras_compat.errors import ConfigError


class CategoricalVocabulary:
    """Numbers of categories, in the order of their coming; 0 is that of an unknown one.

    Source: ``tf.contrib.learn.preprocessing`` of TensorFlow 1.15.

    >>> words = CategoricalVocabulary()
    >>> words.get("a"), words.get("b"), words.get("a"), words.reverse(2)
    (1, 2, 1, 'b')
    """

    def __init__(self, unknown_token="<UNK>", support_reverse=True):
        self._unknown_token = unknown_token
        self._support_reverse = support_reverse
        self._freq: Any = collections.Counter()
        self._freeze = False
        self._number([])

    def _number(self, categories):
        self._reverse_mapping = [self._unknown_token] + list(categories)
        self._mapping = {category: index for index, category in enumerate(self._reverse_mapping)}

    def __len__(self):
        return len(self._mapping)

    def freeze(self, freeze=True):
        """Whether categories that are new from now on count as unknown."""
        self._freeze = freeze

    def get(self, category):
        """The number of a category, a new one if it is new."""
        if category not in self._mapping and not self._freeze:
            self._mapping[category] = len(self._mapping)
            self._reverse_mapping.append(category)
        return self._mapping.get(category, 0)

    def add(self, category, count=1):
        """Counts a category."""
        if self.get(category) > 0:
            self._freq[category] += count

    def trim(self, min_frequency, max_frequency=-1):
        """Numbers anew, by frequency, the categories counted more than ``min_frequency`` times and,
        if that is given, less than ``max_frequency`` times."""
        by_name = sorted(self._freq.items(), key=lambda item: (isinstance(item[0], str), item[0]))
        by_frequency = sorted(by_name, key=lambda item: item[1], reverse=True)
        kept = [
            (category, count)
            for category, count in by_frequency
            if count > min_frequency and (max_frequency <= 0 or count < max_frequency)
        ]
        self._freq = collections.Counter(dict(kept))
        self._number([category for category, _ in kept])

    def reverse(self, class_id):
        """The category with a number. Raises ConfigError without ``support_reverse``."""
        if not self._support_reverse:
            raise ConfigError(
                "This vocabulary wasn't initialized with support_reverse to support reverse()."
            )
        return self._reverse_mapping[class_id]
