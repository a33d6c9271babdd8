"""The learners: a floor, and boosters that have to beat it. Adding one is one file and one line here."""

from tools.effects.learner import Learner

from .dr import DrLearner
from .floor import RidgeFloor
from .s import SLearner
from .t import TLearner
from .x import XLearner

FLOOR = RidgeFloor()
"""What is used where nothing is better."""
LEARNERS: tuple[Learner, ...] = (FLOOR, SLearner(), TLearner(), XLearner(), DrLearner())
"""Every learner, the floor first."""

__all__ = ["FLOOR", "LEARNERS", "DrLearner", "RidgeFloor", "SLearner", "TLearner", "XLearner"]
