"""What a code base needs to run here: read, not run, and with no TensorFlow installed."""
