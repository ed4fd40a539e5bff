"""Long short-term memory with tanh and sigmoid, by TensorFlow's operation for all steps.

Only on the way forward. The gradient that TensorFlow registers for the operation is wrong (TF 2.21;
it belongs to the operation's first version). Its ``BlockLSTMGradV2`` is right, but slower than the
way back of ``lstm``: on one core 1.14 ms against 1.00 for training on 20 steps of 32 units, 34 ms
against 25 on 80 steps of 128 units. Only for a few units and an unknown number of steps would it be
the better one (1.14 ms against 1.37).
"""

from tfkeras_compat._tf import tf
from tfkeras_compat.backend.fused import gradient
from tfkeras_compat.backend.fused.lstm import Passed, way_back
from tfkeras_compat.backend.fused.scan import before, last, outer, product, total

_NAME = "TfkerasCompatBlockLSTM"


def block_lstm(inputs, kernel, recurrent_kernel, bias, hidden, carry):
    """The outputs of all steps, the last output and the last carry; all are of ``float32``.

    Raises LookupError when a gradient is asked for its own gradient.

    Args:
        inputs: ``(time, batch, in)``.
        kernel: ``(in, 4 * units)``, with columns for the gates i, f, c, o.
        recurrent_kernel: ``(units, 4 * units)``.
        bias: ``(4 * units,)``.
        hidden, carry: the states to begin with.
    """
    sources = [inputs, kernel, recurrent_kernel, bias, hidden, carry]
    no_peephole = tf.zeros(recurrent_kernel.get_shape()[:1])
    done = tf.raw_ops.BlockLSTMV2(
        seq_len_max=tf.shape(inputs, out_type=tf.int64)[0],
        x=inputs,
        cs_prev=carry,
        h_prev=hidden,
        w=tf.concat([kernel, recurrent_kernel], axis=0),
        wci=no_peephole,
        wcf=no_peephole,
        wco=no_peephole,
        b=bias,
        cell_clip=0.0,
        use_peephole=False,
    )
    results = [done.h, last(done.h, hidden), last(done.cs, carry)]
    return gradient.attach(_NAME, sources + list(done), results)


def _gradient(values, gradients):
    inputs, kernel, recurrent_kernel, _, hidden, carry = values[:6]
    i, carries, f, o, c, activated, outputs = values[6:]
    slopes = [i * (1 - i), f * (1 - f), 1 - c * c, o * (1 - o)]
    passed = Passed(i, f, c, o, activated, slopes, 1 - activated * activated)
    of_z, of_hidden, of_carry = way_back(
        passed, recurrent_kernel, before(carries, carry), gradients
    )
    results = [
        product(of_z, kernel, transpose=True),
        outer(inputs, of_z),
        outer(before(outputs, hidden), of_z),
        total(of_z),
        of_hidden,
        of_carry,
    ]
    return [gradient.without_gradient(each) for each in results]


gradient.register(_NAME, _gradient, results=3)
