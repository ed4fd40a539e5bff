"""Input through queues: producers run in threads, a coordinator stops them."""
from __future__ import print_function
import numpy as np
import tensorflow as tf
from keras import backend as K
from keras.layers import Dense

rng = np.random.RandomState(4)
features = rng.rand(20, 3).astype('float32')
targets = features.dot(np.array([[1.], [-2.], [3.]], 'float32'))

x_one, y_one = tf.train.slice_input_producer(
    [tf.constant(features), tf.constant(targets)], num_epochs=40, shuffle=False)
x, y = tf.train.batch([x_one, y_one], batch_size=10)

layer = Dense(1, kernel_initializer='zeros', name='linear')
predicted = layer(x)
loss = tf.reduce_mean(tf.square(predicted - y))
step = tf.train.get_or_create_global_step()
train = tf.train.GradientDescentOptimizer(0.3).minimize(loss, global_step=step)

with tf.Session() as sess:
    K.set_session(sess)
    sess.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
    coord = tf.train.Coordinator()
    threads = tf.train.start_queue_runners(sess=sess, coord=coord)
    number = 0
    try:
        while not coord.should_stop():
            sess.run(train)
            number += 1
            if number % 20 == 0:
                print('step', number, 'global step', sess.run(step))
    except tf.errors.OutOfRangeError:
        print('no more epochs')
    finally:
        coord.request_stop()
    coord.join(threads)
    print(sess.run(layer.kernel).astype('float64').round(2).ravel().tolist())
