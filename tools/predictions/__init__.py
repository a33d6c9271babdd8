"""Predictions: expected customer lifetime value and the chance of a further order, each with how far to trust it."""

from .clv import ClvPredicted, predict_clv
from .page import render_predictions_page
from .repeat import PredictionCard, predict_repeat
from .report import Predicted, Predictions, predict
from .words import render_predictions

__all__ = [
    "ClvPredicted",
    "Predicted",
    "PredictionCard",
    "Predictions",
    "predict",
    "predict_clv",
    "predict_repeat",
    "render_predictions",
    "render_predictions_page",
]
