"""Predictions: customer lifetime value, chances of a further order and of leaving, each with how far to trust it."""

from .chance import PredictionCard
from .clv import ClvPredicted, predict_clv
from .leaving import predict_leaving
from .page import render_predictions_page
from .repeat import predict_repeat
from .report import Predicted, Predictions, predict
from .words import render_predictions

__all__ = [
    "ClvPredicted",
    "Predicted",
    "PredictionCard",
    "Predictions",
    "predict",
    "predict_clv",
    "predict_leaving",
    "predict_repeat",
    "render_predictions",
    "render_predictions_page",
]
