"""Layers as users write them, on the base classes of whichever Keras is given."""


def Scaled(keras):
    class Scaled(keras.layers.Layer):
        """Each feature times a weight; hands masks on."""

        def __init__(self, start=1.0, **kwargs):
            super().__init__(**kwargs)
            self.start = start
            self.supports_masking = True

        def build(self, input_shape):
            start = keras.initializers.Constant(self.start)
            self.factor = self.add_weight("factor", (input_shape[-1],), initializer=start)
            super().build(input_shape)

        def call(self, inputs):
            return inputs * self.factor

        def get_config(self):
            return dict(super().get_config(), start=self.start)

    return Scaled


def Halved(keras):
    class Halved(keras.layers.wrappers.Wrapper):
        """Half of what another layer gives."""

        def build(self, input_shape=None):
            self.layer.build(input_shape)
            self.layer.built = True
            super().build(input_shape)

        def call(self, inputs):
            return self.layer.call(inputs) / 2

        def compute_output_shape(self, input_shape):
            return self.layer.compute_output_shape(input_shape)

    return Halved


def OwnCell(keras):
    K = keras.backend

    class OwnCell(keras.layers.Layer):
        """A simple recurrent step, as the documentation of RNN wrote it."""

        def __init__(self, units, **kwargs):
            super().__init__(**kwargs)
            self.units = self.state_size = units

        def build(self, input_shape):
            self.kernel = self.add_weight(
                "kernel", (input_shape[-1], self.units), initializer="he_normal"
            )
            self.recurrent = self.add_weight(
                "recurrent", (self.units, self.units), initializer="orthogonal"
            )
            super().build(input_shape)

        def call(self, inputs, states):
            output = K.tanh(K.dot(inputs, self.kernel) + K.dot(states[0], self.recurrent))
            return output, [output]

        def get_config(self):
            return dict(super().get_config(), units=self.units)

    return OwnCell


def OwnRecurrent(keras):
    K = keras.backend

    class OwnRecurrent(keras.layers.Recurrent):
        """A recurrent layer that computes its own steps, as before there were cells."""

        def __init__(self, units, **kwargs):
            super().__init__(**kwargs)
            self.units = units
            self.state_spec = keras.layers.InputSpec(shape=(None, units))

        def build(self, input_shape):
            self.states = [None]
            self.kernel = self.add_weight(
                "kernel", (input_shape[-1], self.units), initializer="he_normal"
            )
            self.recurrent = self.add_weight(
                "recurrent", (self.units, self.units), initializer="orthogonal"
            )
            self.built = True

        def preprocess_input(self, inputs, training=None):
            return inputs * 2

        def step(self, inputs, states):
            output = K.tanh(K.dot(inputs, self.kernel) + K.dot(states[0], self.recurrent))
            return output, [output]

        def get_config(self):
            return dict(super().get_config(), units=self.units)

    return OwnRecurrent


def OwnConvRecurrent(keras):
    K = keras.backend

    class OwnConvRecurrent(keras.layers.ConvRecurrent2D):
        """The same for images: the state is what the last step gave."""

        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.state_spec = keras.layers.InputSpec(ndim=4)

        def build(self, input_shape):
            self.states = [None]
            shape = tuple(self.kernel_size) + (input_shape[-1], self.filters)
            self.kernel = self.add_weight("kernel", shape, initializer="he_normal")
            self.built = True

        def get_initial_state(self, inputs):
            nothing = K.sum(K.zeros_like(inputs), axis=1)
            return [K.conv2d(nothing, self.kernel, padding="same")]

        def step(self, inputs, states):
            output = K.tanh(K.conv2d(inputs, self.kernel, padding="same") + states[0] / 2)
            return output, [output]

    return OwnConvRecurrent
