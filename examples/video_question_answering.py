"""Answers questions about videos: InceptionV3 looks at each frame, LSTMs read video and question.

    python -m tfkeras_compat run examples/video_question_answering.py [STEPS]

The model is that of the announcement of Keras as a part of TensorFlow, at a small size and with
made-up data: videos whose frames get brighter or darker, to the left or to the right, and questions
of one to four words, padded with 0. InceptionV3 has random weights and only its last layers are
trained; pass weights="imagenet" and pictures of 150 x 150 where there is time. It is trained and
evaluated by an Experiment.
"""

import sys

import numpy as np
import tensorflow as tf

layers = tf.keras.layers
tf.logging.set_verbosity(tf.logging.ERROR)

FRAMES, SIZE = 2, 75
QUESTION_LENGTH, WORDS = 4, 20
ANSWERS = 4
TRAINED_LAYERS = 20  # of InceptionV3, from the end


def make_data(number, seed):
    """Videos, questions and one-hot answers."""
    random = np.random.RandomState(seed)
    answers = random.randint(0, ANSWERS, number)
    video = random.uniform(0, 0.2, (number, FRAMES, SIZE, SIZE, 3)).astype("float32")
    for sample, answer in enumerate(answers):
        side = slice(None, SIZE // 2) if answer % 2 else slice(SIZE // 2, None)
        video[sample, answer // 2, :, side] += 0.8
    question = random.randint(1, WORDS, (number, QUESTION_LENGTH))
    question[np.arange(QUESTION_LENGTH) >= random.randint(1, 5, (number, 1))] = 0
    return {"video": video, "question": question.astype("int32")}, np.eye(ANSWERS)[answers]


def make_model():
    video = layers.Input(shape=(FRAMES, SIZE, SIZE, 3), name="video")
    cnn = tf.keras.applications.InceptionV3(
        weights=None, include_top=False, pool="avg", input_shape=(SIZE, SIZE, 3)
    )
    for layer in cnn.layers[:-TRAINED_LAYERS]:
        layer.trainable = False
    frame_features = layers.TimeDistributed(cnn)(video)
    video_vector = layers.LSTM(16)(frame_features)

    question = layers.Input(shape=(QUESTION_LENGTH,), dtype="int32", name="question")
    embedded = layers.Embedding(WORDS, 16, mask_zero=True)(question)
    question_vector = layers.LSTM(16)(embedded)

    x = layers.concatenate([video_vector, question_vector])
    x = layers.Dense(16, activation=tf.nn.relu)(x)
    answer = layers.Dense(ANSWERS, activation="softmax", name="answer")(x)
    model = tf.keras.models.Model([video, question], answer)
    model.compile(tf.AdamOptimizer(0.001), "categorical_crossentropy", metrics=["accuracy"])
    return model, cnn


def inputs(number, seed, **kwargs):
    features, answers = make_data(number, seed)
    return tf.estimator.inputs.numpy_input_fn(
        features, answers.astype("float32"), batch_size=4, **kwargs
    )


def main(steps):
    model, cnn = make_model()
    print(
        "Weights: %d of %d in InceptionV3 are trained, %d of %d in the model"
        % (
            len(cnn.trainable_weights),
            len(cnn.weights),
            len(model.trainable_weights),
            len(model.weights),
        )
    )
    experiment = tf.training.Experiment(
        model,
        train_input_fn=inputs(16, seed=1, num_epochs=None, shuffle=False),
        eval_input_fn=inputs(8, seed=1, num_epochs=1, shuffle=False),
        train_steps=steps,
        eval_steps=None,
        min_eval_frequency=0,  # at the end only
    )
    results, _ = experiment.train_and_evaluate()
    print("After %(global_step)d steps: loss %(loss).4f, accuracy %(acc).4f" % results)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
