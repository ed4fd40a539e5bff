"""REINFORCE by hand: a loss of placeholders, optimizer.get_updates and K.function."""
from __future__ import print_function
import numpy as np
from keras import backend as K
from keras import layers, optimizers, utils
from keras.models import Model


class Agent(object):
    def __init__(self, input_dim, output_dim, hidden_dims=(6, 5)):
        self.input_dim, self.output_dim = input_dim, output_dim
        self.__build_network(input_dim, output_dim, hidden_dims)
        self.__build_train_fn()

    def __build_network(self, input_dim, output_dim, hidden_dims):
        self.X = layers.Input(shape=(input_dim,))
        net = self.X
        for h_dim in hidden_dims:
            net = layers.Dense(h_dim)(net)
            net = layers.Activation('relu')(net)
        net = layers.Dense(output_dim)(net)
        net = layers.Activation('softmax')(net)
        self.model = Model(inputs=self.X, outputs=net)

    def __build_train_fn(self):
        action_prob_placeholder = self.model.output
        action_onehot_placeholder = K.placeholder(shape=(None, self.output_dim),
                                                  name='action_onehot')
        discount_reward_placeholder = K.placeholder(shape=(None,), name='discount_reward')
        action_prob = K.sum(action_prob_placeholder * action_onehot_placeholder, axis=1)
        loss = K.mean(-K.log(action_prob) * discount_reward_placeholder)
        entropy = -K.mean(K.sum(action_prob_placeholder * K.log(action_prob_placeholder), axis=1))
        adam = optimizers.Adam(lr=0.02)
        updates = adam.get_updates(params=self.model.trainable_weights, loss=loss)
        self.train_fn = K.function(
            inputs=[self.model.input, action_onehot_placeholder, discount_reward_placeholder],
            outputs=[loss, entropy], updates=updates)

    def get_action(self, state, rng):
        action_prob = np.squeeze(self.model.predict(state[None]))
        return rng.choice(np.arange(self.output_dim), p=action_prob / action_prob.sum())

    def fit(self, S, A, R):
        action_onehot = utils.to_categorical(A, num_classes=self.output_dim)
        return self.train_fn([S, action_onehot, compute_discounted_R(R)])


def compute_discounted_R(R, discount_rate=.9):
    discounted_r = np.zeros_like(R, dtype=np.float32)
    running_add = 0
    for t in reversed(range(len(R))):
        running_add = running_add * discount_rate + R[t]
        discounted_r[t] = running_add
    discounted_r -= discounted_r.mean()
    discounted_r /= discounted_r.std() + 1e-6
    return discounted_r


rng = np.random.RandomState(4)
agent = Agent(3, 2)
agent.model.set_weights([rng.uniform(-.5, .5, w.shape) for w in agent.model.get_weights()])
for episode in range(6):
    S, A, R = [], [], []
    state = rng.uniform(-1, 1, 3)
    for step in range(8):
        action = agent.get_action(state, rng)
        S.append(state)
        A.append(action)
        R.append(float((state[0] > 0) == action))
        state = rng.uniform(-1, 1, 3)
    loss, entropy = agent.fit(np.array(S), np.array(A), np.array(R))
    print('episode', episode, 'reward', sum(R), 'loss %.4f entropy %.4f' % (loss, entropy))
