"""Provisional by the owner, to unblock imports: helper 6 replaces this file with the real one."""
import numpy as np

from tfkeras_compat import backend as K
from tfkeras_compat.state import phase
from tfkeras_compat.state.structures import to_list, unpack_singleton


class TrainingMethods:
    def predict(self, x, batch_size=None, verbose=0, steps=None):
        with self.in_graph():
            if not hasattr(self, "_provisional_predict"):
                self._provisional_predict = K.function(self._feed_inputs, self.outputs, updates=self.state_updates)
        arrays = [np.asarray(a) for a in to_list(x)]
        size = batch_size or 32
        parts = [self._provisional_predict([a[i:i + size] for a in arrays]) for i in range(0, len(arrays[0]), size)]
        return unpack_singleton([np.concatenate(p) for p in zip(*parts)])
