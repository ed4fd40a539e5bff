"""Networks for pictures, trained on ImageNet.

All of them take the same arguments, in the order of the original:

- ``include_top``: whether the layers that tell the classes are there.
- ``weights``: ``"imagenet"`` for the published ones, which are fetched and kept; the path of a
  file; or ``None`` for random ones.
- ``input_tensor``: a tensor to begin with, of a layer or of plain TensorFlow. The latter's known
  shape counts, unless ``input_shape`` says something else.
- ``input_shape``: of a picture, channels included, in the default image layout.
- ``pooling`` (or ``pool``): without a top, ``"avg"`` or ``"max"`` over rows and columns.
- ``classes``: their number, with a top and without ``"imagenet"``.

Raises: ConfigError and ShapeError (both ValueErrors) for arguments that do not fit each other.

>>> from tfkeras_compat.applications import MobileNet
>>> MobileNet(alpha=0.25, weights=None, include_top=False, pool="avg").output_shape
(None, 256)
"""

from tfkeras_compat.applications import imagenet_utils
from tfkeras_compat.applications.densenet import DenseNet121, DenseNet169, DenseNet201
from tfkeras_compat.applications.inception_resnet_v2 import InceptionResNetV2
from tfkeras_compat.applications.inception_v3 import InceptionV3
from tfkeras_compat.applications.mobilenet import MobileNet
from tfkeras_compat.applications.mobilenet_v2 import MobileNetV2
from tfkeras_compat.applications.nasnet import NASNetLarge, NASNetMobile
from tfkeras_compat.applications.resnet50 import ResNet50
from tfkeras_compat.applications.vgg16 import VGG16
from tfkeras_compat.applications.vgg19 import VGG19
from tfkeras_compat.applications.xception import Xception

__all__ = [
    "DenseNet121",
    "DenseNet169",
    "DenseNet201",
    "InceptionResNetV2",
    "InceptionV3",
    "MobileNet",
    "MobileNetV2",
    "NASNetLarge",
    "NASNetMobile",
    "ResNet50",
    "VGG16",
    "VGG19",
    "Xception",
    "imagenet_utils",
]
