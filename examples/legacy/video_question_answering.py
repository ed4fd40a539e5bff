"""Questions about videos: a shared image network over time, an LSTM for each, one answer."""
from __future__ import print_function
import numpy as np
import keras
from keras.layers import Conv2D, Dense, Embedding, Flatten, Input, LSTM, MaxPooling2D
from keras.layers import TimeDistributed
from keras.models import Model, Sequential

vision_model = Sequential()
vision_model.add(Conv2D(3, (3, 3), activation='relu', padding='same', input_shape=(6, 6, 3)))
vision_model.add(MaxPooling2D((2, 2)))
vision_model.add(Flatten())

image_input = Input(shape=(6, 6, 3))
encoded_image = vision_model(image_input)
question_input = Input(shape=(5,), dtype='int32')
embedded_question = Embedding(input_dim=20, output_dim=4, input_length=5)(question_input)
encoded_question = LSTM(4)(embedded_question)
merged = keras.layers.concatenate([encoded_question, encoded_image])
output = Dense(6, activation='softmax')(merged)
vqa_model = Model(inputs=[image_input, question_input], outputs=output)

video_input = Input(shape=(4, 6, 6, 3))
encoded_frame_sequence = TimeDistributed(vision_model)(video_input)
encoded_video = LSTM(5)(encoded_frame_sequence)
question_encoder = Model(inputs=question_input, outputs=encoded_question)
video_question_input = Input(shape=(5,), dtype='int32')
encoded_video_question = question_encoder(video_question_input)
merged = keras.layers.concatenate([encoded_video, encoded_video_question])
output = Dense(6, activation='softmax')(merged)
video_qa_model = Model(inputs=[video_input, video_question_input], outputs=output)
video_qa_model.compile('adam', 'categorical_crossentropy', metrics=['accuracy'])
vqa_model.compile('rmsprop', 'categorical_crossentropy')

rng = np.random.RandomState(17)
video_qa_model.set_weights([rng.uniform(-.5, .5, w.shape) for w in video_qa_model.get_weights()])
vqa_model.layers[-1].set_weights(
    [rng.uniform(-.5, .5, w.shape) for w in vqa_model.layers[-1].get_weights()])
videos, questions = rng.rand(8, 4, 6, 6, 3), rng.randint(0, 20, (8, 5))
answers = keras.utils.to_categorical(rng.randint(0, 6, 8), 6)
print(video_qa_model.count_params(), vqa_model.count_params(), video_qa_model.output_shape)
history = video_qa_model.fit([videos, questions], answers, batch_size=4, epochs=4,
                             shuffle=False, verbose=0)
print(['%.3f' % loss for loss in history.history['loss']], history.history['acc'][-1])
print('%.4f' % vqa_model.evaluate([videos[:, 0], questions], answers, verbose=0))
print('%.4f' % vqa_model.train_on_batch([videos[:, 1], questions], answers))
print('%.4f' % video_qa_model.evaluate([videos, questions], answers, verbose=0)[0])
