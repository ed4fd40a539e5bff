"""Estimators made of Keras models."""

from tfkeras_compat.estimator.keras.conversion import model_to_estimator

__all__ = ["model_to_estimator"]
