"""Deep Q-learning on a corridor: replay memory, a target network, train on batches."""
from __future__ import print_function
import random
from collections import deque
import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import Adam

LENGTH = 6


class DQNAgent:
    def __init__(self):
        self.memory = deque(maxlen=500)
        self.gamma = 0.8
        self.epsilon = 1.0
        self.model = self._build_model()
        self.target_model = self._build_model()
        rng = np.random.RandomState(1)
        self.model.set_weights([rng.uniform(-.3, .3, w.shape) for w in self.model.get_weights()])
        self.update_target_model()

    def _build_model(self):
        model = Sequential()
        model.add(Dense(16, input_dim=LENGTH, activation='relu'))
        model.add(Dense(2, activation='linear'))
        model.compile(loss='mse', optimizer=Adam(lr=0.02))
        return model

    def update_target_model(self):
        self.target_model.set_weights(self.model.get_weights())

    def act(self, state):
        if random.random() <= self.epsilon:
            return random.randrange(2)
        return np.argmax(self.model.predict(state)[0])

    def replay(self, batch_size):
        batch = random.sample(list(self.memory), batch_size)
        states = np.vstack([state for state, _, _, _, _ in batch])
        next_states = np.vstack([next_state for _, _, _, next_state, _ in batch])
        target = self.model.predict(states)
        future = self.target_model.predict(next_states).max(axis=1)
        for row, (_, action, reward, _, done) in enumerate(batch):
            target[row][action] = reward if done else reward + self.gamma * future[row]
        self.model.fit(states, target, epochs=1, verbose=0)
        self.epsilon = max(0.1, self.epsilon * 0.97)


def one_hot(place):
    return np.eye(LENGTH)[[place]]


random.seed(3)
agent = DQNAgent()
for episode in range(25):
    place = 0
    for time in range(20):
        action = agent.act(one_hot(place))
        following = max(place - 1, 0) if action == 0 else place + 1
        done = following == LENGTH - 1
        agent.memory.append((one_hot(place), action, float(done), one_hot(following), done))
        place = following
        if done:
            break
    if len(agent.memory) > 32:
        for _ in range(10):
            agent.replay(32)
    if episode % 3 == 0:
        agent.update_target_model()

values = agent.model.predict(np.eye(LENGTH)[:-1])
print('policy', values.argmax(axis=1).tolist())
print('last step is worth most:', values.argmax() == values.size - 1)
print('values rise towards the end:', bool(values[-1, 1] > values[2, 1] > values[0, 1]))
