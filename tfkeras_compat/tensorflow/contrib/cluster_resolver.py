"""``tf.contrib.cluster_resolver``."""

from tfkeras_compat._tf import tf
from tfkeras_compat.tensorflow import offered

_resolvers = tf.distribute.cluster_resolver

ClusterResolver = _resolvers.ClusterResolver
GCEClusterResolver = _resolvers.GCEClusterResolver
KubernetesClusterResolver = _resolvers.KubernetesClusterResolver
SimpleClusterResolver = _resolvers.SimpleClusterResolver
SlurmClusterResolver = _resolvers.SlurmClusterResolver
TFConfigClusterResolver = _resolvers.TFConfigClusterResolver
TPUClusterResolver = offered.refused("tensorflow.contrib.cluster_resolver.TPUClusterResolver")
UnionClusterResolver = _resolvers.UnionResolver

__getattr__, __dir__ = offered.names_of(__name__)
