"""Attention and beam search of tf.contrib.seq2seq: one graph to train, one to translate."""
from __future__ import print_function
import os
import shutil
import tempfile
import numpy as np
import tensorflow as tf
from tensorflow.contrib import seq2seq
from tensorflow.python.layers.core import Dense

vocabulary, units, beam_width, GO, EOS = 7, 8, 3, 5, 6


def start(shape, dtype=tf.float32, partition_info=None):
    count = int(np.prod(shape))
    return tf.constant(0.4 * np.sin(1. + 3. * np.arange(count)).reshape(shape), dtype)


class Seq2Seq(object):
    def __init__(self, mode):
        self.mode = mode
        self.source = tf.placeholder(tf.int32, [None, None], name='source')
        self.target = tf.placeholder(tf.int32, [None, None], name='target')
        self.lengths = tf.placeholder(tf.int32, [None], name='lengths')
        self.batch_size = tf.shape(self.source)[0]
        with tf.variable_scope('seq2seq', initializer=start):
            self.embedding = tf.get_variable('embedding', [vocabulary, units])
            self.projection = Dense(vocabulary, use_bias=False, kernel_initializer=start,
                                    name='projection')
            outputs, state = self.encode()
            self.train(outputs, state) if mode == 'train' else self.translate(outputs, state)
        self.saver = tf.train.Saver()

    def encode(self):
        inputs = tf.nn.embedding_lookup(self.embedding, self.source)
        cell = tf.contrib.rnn.GRUCell(units)
        return tf.nn.dynamic_rnn(cell, inputs, self.lengths, dtype=tf.float32, scope='encoder')

    def cell(self, memory, lengths):
        attention = seq2seq.LuongAttention(units, memory, memory_sequence_length=lengths)
        return seq2seq.AttentionWrapper(tf.contrib.rnn.GRUCell(units), attention,
                                        attention_layer_size=units)

    def train(self, outputs, state):
        ends = tf.strided_slice(self.target, [0, 0], [self.batch_size, -1])
        fed = tf.concat([tf.fill([self.batch_size, 1], GO), ends], 1)
        helper = seq2seq.TrainingHelper(tf.nn.embedding_lookup(self.embedding, fed), self.lengths)
        cell = self.cell(outputs, self.lengths)
        first = cell.zero_state(self.batch_size, tf.float32).clone(cell_state=state)
        decoder = seq2seq.BasicDecoder(cell, helper, first, self.projection)
        decoded, _, _ = seq2seq.dynamic_decode(decoder, scope='decoder')
        mask = tf.sequence_mask(self.lengths, dtype=tf.float32)
        self.loss = seq2seq.sequence_loss(decoded.rnn_output, self.target, mask)
        variables = tf.trainable_variables()
        gradients, _ = tf.clip_by_global_norm(tf.gradients(self.loss, variables), 5.0)
        self.step = tf.train.AdamOptimizer(0.02).apply_gradients(zip(gradients, variables))

    def translate(self, outputs, state):
        outputs, state, lengths = seq2seq.tile_batch([outputs, state, self.lengths], beam_width)
        cell = self.cell(outputs, lengths)
        first = cell.zero_state(self.batch_size * beam_width, tf.float32).clone(cell_state=state)
        decoder = seq2seq.BeamSearchDecoder(
            cell, self.embedding, tf.fill([self.batch_size], GO), EOS, first, beam_width,
            output_layer=self.projection, length_penalty_weight=0.6)
        decoded, state, _ = seq2seq.dynamic_decode(decoder, maximum_iterations=6, scope='decoder')
        self.translations = decoded.predicted_ids
        self.log_probs = state.log_probs


rng = np.random.RandomState(2)
source = rng.randint(0, 5, (12, 4))
target = np.concatenate([source[:, :0:-1], np.full((12, 1), EOS)], 1)
folder = tempfile.mkdtemp()
checkpoint = os.path.join(folder, 'translate.ckpt')
with tf.Graph().as_default(), tf.Session() as sess:
    model = Seq2Seq('train')
    sess.run(tf.global_variables_initializer())
    for epoch in range(80):
        feed = {model.source: source, model.target: target, model.lengths: [4] * 12}
        loss, _ = sess.run([model.loss, model.step], feed)
        if epoch % 20 == 0:
            print('epoch', epoch, 'loss %.2f' % loss)
    model.saver.save(sess, checkpoint)
    print([variable.name for variable in tf.trainable_variables()])

with tf.Graph().as_default(), tf.Session() as sess:
    model = Seq2Seq('translate')
    model.saver.restore(sess, checkpoint)
    ids, log_probs = sess.run([model.translations, model.log_probs],
                              {model.source: source[:3], model.lengths: [4] * 3})
    print(ids[:, :, 0].tolist())
    print(['%.1f' % np.exp(row[0]) for row in log_probs[:2]])
shutil.rmtree(folder)
