"""Predictions of trained networks, made in worker processes so that no page loads TensorFlow."""

from __future__ import annotations

from fmnist.inference.inference_pool import InferencePool
from fmnist.inference.pictures import Prediction, predict_pictures
from fmnist.inference.reliability import describe_reliability
from fmnist.inference.verdict import Verdict, decide_verdict, describe_doubt

__all__ = [
    "InferencePool",
    "Prediction",
    "Verdict",
    "decide_verdict",
    "describe_doubt",
    "describe_reliability",
    "predict_pictures",
]
