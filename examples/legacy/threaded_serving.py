"""A model served by threads, as web applications do: a global graph, predictions anywhere."""
from __future__ import print_function
import json
import threading
import numpy as np
import tensorflow as tf
from keras.layers import Dense
from keras.models import Sequential

model = None
graph = None


def load_model():
    global model, graph
    model = Sequential()
    model.add(Dense(3, input_dim=2, activation='relu', name='fc1'))
    model.add(Dense(1, name='fc2'))
    model.set_weights([np.array([[1., 0., -1.], [0., 1., 1.]]), np.zeros(3),
                       np.array([[1.], [2.], [3.]]), np.array([.5])])
    graph = tf.get_default_graph()


def predict(request):
    features = np.array(json.loads(request)['features'])
    with graph.as_default():
        output = model.predict(features)
    return json.dumps({'success': True, 'predictions': output.astype('float64').round(3).tolist()})


class Worker(threading.Thread):
    def __init__(self, number):
        threading.Thread.__init__(self)
        self.request = json.dumps({'features': [[number, 1.0], [0.0, number]]})

    def run(self):
        self.responses = [predict(self.request) for _ in range(5)]


load_model()
workers = [Worker(number) for number in range(4)]
for worker in workers:
    worker.start()
for worker in workers:
    worker.join()
for worker in workers:
    print(worker.request, '->', worker.responses[0], len(set(worker.responses)))
