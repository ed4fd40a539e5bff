"""What ``tf.contrib.learn`` had before ``tf.estimator``: its own Estimator, RunConfig, metrics,
monitors and export strategies."""
