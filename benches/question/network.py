"""The asker's convolutional network, as he had it but for a smaller photo and fewer steps."""

import os

os.environ["KERAS_BACKEND"] = "tensorflow"
# It would tell of the processor on standard error.
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
from photos import pixels

# He had 200 by 200, and 1,000 steps an epoch: hours on two cores for each network.
SIZE = 64
BATCH = 32
EPOCHS = 25


def built():
    """Three convolutions with pooling, a dense layer of 64, dropout, one sigmoid; 0.2 of shear and zoom, mirrored."""
    layers = keras.layers
    model = keras.Sequential([
        keras.Input((SIZE, SIZE, 3)),
        layers.RandomFlip("horizontal"),
        layers.RandomShear(0.2, 0.0),
        layers.RandomZoom(0.2),
    ])
    for filters in (32, 32, 64):
        model.add(layers.Conv2D(filters, 3, activation="relu"))
        model.add(layers.MaxPooling2D(2))
    for layer in (layers.Flatten(), layers.Dense(64, "relu"), layers.Dropout(0.5), layers.Dense(1, "sigmoid")):
        model.add(layer)
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    return model


class Pixels:
    """All photos' pixels, read once."""

    def __init__(self, photos):
        """Read `photos`."""
        self.row = {photo: at for at, photo in enumerate(photos)}
        self.rows = np.round(pixels(photos, SIZE) * 255).astype(np.uint8)

    def of(self, photos):
        """The pixels of `photos`, from 0 to 1."""
        return self.rows[[self.row[photo] for photo in photos]].astype(np.float32) / 255


def trained(shown, labels, seed, epochs=EPOCHS):
    """The network after `epochs` rounds of `shown`, and its loss and accuracy after each."""
    keras.utils.set_random_seed(seed)
    model = built()
    history = model.fit(shown, np.asarray(labels, np.float32), batch_size=BATCH, epochs=epochs, verbose=0)
    return model, history.history


def outputs(model, shown):
    """What the network says of photos: from 0 to 1."""
    parts = [model.predict_on_batch(shown[at : at + 256]) for at in range(0, len(shown), 256)]
    return np.concatenate(parts)[:, 0].astype(np.float64)
