"""What a fresh process does once: python once.py SIDE MEASURE CLOCK prints the seconds."""

import os
import sys
import tempfile

import sides
import workloads


def _seconds(action):
    now = sides.CLOCKS[sys.argv[3]]
    start = now()
    action()
    return now() - start


def import_(side):
    """Importing, on top of TensorFlow; for the side ``tensorflow``, that itself."""
    if side == "tensorflow":
        return _seconds(sides.tensorflow)
    sides.tensorflow()
    return _seconds(sides.KERASES[side])


def first_step(side):
    """Building and compiling the MLP, and its first step."""
    keras = sides.KERASES[side]()
    data = workloads.DATA["mlp"]()
    batch = data.x[: data.batch_size], data.y[: data.batch_size]
    return _seconds(lambda: workloads.KERAS["mlp"](keras).train_on_batch(*batch))


def inception(side):
    """Building InceptionV3."""
    keras = sides.KERASES[side]()
    return _seconds(lambda: keras.applications.inception_v3.InceptionV3(weights=None))


def load(side):
    """Loading the weights of ResNet50 from a file, for the first time."""
    return _loads(side)[0]


def reload(side):
    """Loading the weights of ResNet50 from a file once more; of the peer, for the first time."""
    first, *others = _loads(side)
    return min(others) if side == "ours" else first


def _loads(side):
    model = sides.KERASES[side]().applications.resnet50.ResNet50(weights=None)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "weights.h5")
        model.save_weights(path)
        return [_seconds(lambda: model.load_weights(path)) for _ in range(4)]


MEASURES = {
    "import": import_,
    "first_step": first_step,
    "inception": inception,
    "load": load,
    "reload": reload,
}

if __name__ == "__main__":
    sides.use_one_core()
    print(MEASURES[sys.argv[2]](sys.argv[1]), flush=True)
