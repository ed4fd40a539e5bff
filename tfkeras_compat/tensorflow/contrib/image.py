"""``tf.contrib.image``: images turned, moved and projected."""

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import KindError, ShapeError
from tfkeras_compat.tensorflow import offered


def rotate(images, angles, interpolation="NEAREST", name=None):
    """Images turned about their centre, counterclockwise, by angles in radians.

    Shapes: (height, width), (height, width, channels) or (batch, height, width, channels).
    """
    with tf.name_scope(name, "rotate"):
        images = tf.convert_to_tensor(images)
        sizes = tf.cast(tf.shape(_as_batch(images)), tf.float32)
        turns = angles_to_projective_transforms(angles, sizes[1:2], sizes[2:3])
        return transform(images, turns, interpolation=interpolation)


def translate(images, translations, interpolation="NEAREST", name=None):
    """Images moved by ``(dx, dy)``."""
    with tf.name_scope(name, "translate"):
        moves = translations_to_projective_transforms(translations)
        return transform(images, moves, interpolation=interpolation)


def angles_to_projective_transforms(angles, image_height, image_width, name=None):
    """The transforms that turn images of a size about their centre. Shapes: (n,) -> (n, 8)."""
    with tf.name_scope(name, "angles_to_projective_transforms"):
        angles = _rows(tf.convert_to_tensor(angles, tf.float32), 1, "angles")
        sine, cosine = tf.sin(angles), tf.cos(angles)
        right, down = image_width - 1, image_height - 1
        x = (right - (cosine * right - sine * down)) / 2.0
        y = (down - (sine * right + cosine * down)) / 2.0
        zeros = tf.zeros_like(angles)
        return tf.stack([cosine, -sine, x, sine, cosine, y, zeros, zeros], axis=1)


def translations_to_projective_transforms(translations, name=None):
    """The transforms that move images. Shapes: (2,) or (n, 2) -> (n, 8)."""
    with tf.name_scope(name, "translations_to_projective_transforms"):
        moves = _rows(tf.convert_to_tensor(translations, tf.float32), 2, "translations")
        zeros = tf.zeros_like(moves[:, 0])
        ones = zeros + 1.0
        found = [ones, zeros, -moves[:, 0], zeros, ones, -moves[:, 1], zeros, zeros]
        return tf.stack(found, axis=1)


def _rows(values, rank, what):
    """Values of one row, or of several: as rows."""
    found = values.get_shape().ndims
    if found not in (rank - 1, rank):
        raise KindError("%s must have rank %d or %d; found %s." % (what, rank - 1, rank, found))
    return values if found == rank else values[None]


def transform(images, transforms, interpolation="NEAREST", output_shape=None, name=None):
    """Each pixel of the output taken from where its transform points to in the input.

    A transform is ``[a0, a1, a2, b0, b1, b2, c0, c1]``: the output at (x, y) is the input at
    ``((a0 x + a1 y + a2) / k, (b0 x + b1 y + b2) / k)``, with ``k = c0 x + c1 y + 1``.

    Raises: ShapeError for images of another rank than 2, 3 or 4; KindError for transforms of
    another rank than 1 or 2.
    """
    with tf.name_scope(name, "transform"):
        images = tf.convert_to_tensor(images, name="images")
        batch = _as_batch(images)
        rows = _rows(tf.convert_to_tensor(transforms, tf.float32), 2, "transforms")
        found = _tf.projective_transform(batch, rows, output_shape, interpolation.upper())
        rank = images.get_shape().ndims
        return found[0, :, :, 0] if rank == 2 else found[0] if rank == 3 else found


def _as_batch(images):
    rank = images.get_shape().ndims
    if rank not in (2, 3, 4):
        raise ShapeError("Images must have a known rank between 2 and 4; found %s." % rank)
    if rank == 2:
        return images[None, :, :, None]
    return images[None] if rank == 3 else images


def compose_transforms(*transforms):
    """The transform that does what several do, one after the other."""
    with tf.name_scope("compose_transforms"):
        composed = flat_transforms_to_matrices(transforms[0])
        for each in transforms[1:]:
            composed = tf.matmul(composed, flat_transforms_to_matrices(each))
        return matrices_to_flat_transforms(composed)


def flat_transforms_to_matrices(transforms):
    """Transforms as matrices. Shapes: (8,) or (n, 8) -> (n, 3, 3)."""
    rows = _rows(tf.convert_to_tensor(transforms), 2, "transforms")
    return tf.reshape(tf.concat([rows, tf.ones_like(rows[:, :1])], axis=1), [-1, 3, 3])


def matrices_to_flat_transforms(transform_matrices):
    """Matrices as transforms. Shapes: (3, 3) or (n, 3, 3) -> (n, 8)."""
    matrices = _rows(tf.convert_to_tensor(transform_matrices), 3, "transform_matrices")
    rows = tf.reshape(matrices, [-1, 9])
    return (rows / rows[:, 8:9])[:, :8]


__getattr__, __dir__ = offered.names_of(__name__)
