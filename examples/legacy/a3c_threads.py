"""Advantage actor-critic: worker threads share one model and one finalized graph."""
from __future__ import print_function
import threading
import numpy as np
import tensorflow as tf
from keras import backend as K
from keras.layers import Dense, Input
from keras.models import Model

STATES, ACTIONS, THREADS, EPISODES = 5, 2, 4, 60


class Brain(object):
    lock = threading.Lock()

    def __init__(self):
        self.session = tf.Session()
        K.set_session(self.session)
        K.manual_variable_initialization(True)
        self.model = self.build_model()
        self.graph = self.build_graph(self.model)
        self.session.run(tf.global_variables_initializer())
        rng = np.random.RandomState(0)
        self.model.set_weights([rng.uniform(-.3, .3, w.shape) for w in self.model.get_weights()])
        self.default_graph = tf.get_default_graph()
        self.default_graph.finalize()
        self.queue = [[], [], []]

    def build_model(self):
        l_input = Input(batch_shape=(None, STATES))
        l_dense = Dense(16, activation='relu')(l_input)
        out_actions = Dense(ACTIONS, activation='softmax')(l_dense)
        out_value = Dense(1, activation='linear')(l_dense)
        model = Model(inputs=[l_input], outputs=[out_actions, out_value])
        model._make_predict_function()  # have to initialize before threading
        return model

    def build_graph(self, model):
        s_t = tf.placeholder(tf.float32, shape=(None, STATES))
        a_t = tf.placeholder(tf.float32, shape=(None, ACTIONS))
        r_t = tf.placeholder(tf.float32, shape=(None, 1))
        p, v = model(s_t)
        log_prob = tf.log(tf.reduce_sum(p * a_t, axis=1, keep_dims=True) + 1e-10)
        advantage = r_t - v
        loss_policy = -log_prob * tf.stop_gradient(advantage)
        loss_value = 0.5 * tf.square(advantage)
        entropy = 0.01 * tf.reduce_sum(p * tf.log(p + 1e-10), axis=1, keep_dims=True)
        optimizer = tf.train.RMSPropOptimizer(0.01, decay=.99)
        minimize = optimizer.minimize(tf.reduce_mean(loss_policy + loss_value + entropy))
        return s_t, a_t, r_t, minimize

    def train(self, states, actions, rewards):
        with self.lock:
            s_t, a_t, r_t, minimize = self.graph
            feed = {s_t: states, a_t: actions, r_t: rewards}
            self.session.run(minimize, feed_dict=feed)

    def predict_p(self, state):
        with self.default_graph.as_default():
            return self.model.predict(state)[0]


class Agent(threading.Thread):
    """Action 1 is right in the states 3 and 4, action 0 in the others."""

    def __init__(self, seed):
        threading.Thread.__init__(self)
        self.rng = np.random.RandomState(seed)
        self.done = 0

    def run(self):
        for _ in range(EPISODES):
            positions = self.rng.randint(STATES, size=16)
            states = np.eye(STATES)[positions]
            p = brain.predict_p(states)
            chosen = (self.rng.rand(16) < p[:, 1]).astype(int)
            rewards = np.where(chosen == (positions > 2), 1.0, -1.0)
            brain.train(states, np.eye(ACTIONS)[chosen], rewards[:, None])
            self.done += 1


brain = Brain()
agents = [Agent(seed) for seed in range(THREADS)]
for agent in agents:
    agent.start()
for agent in agents:
    agent.join()
print('episodes', [agent.done for agent in agents])
print('policy', brain.predict_p(np.eye(STATES)).argmax(axis=1).tolist())
print('finalized', brain.default_graph.finalized)
