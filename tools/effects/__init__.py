"""Effects per person: what each message adds for whom, learned from choices that chance made, or refused."""

from .effect import PersonEffects
from .learn import learn_effects
from .learned import Contender, LearnedEffects, TreatmentReading
from .learners import FLOOR, LEARNERS
from .treatment import Treatment

__all__ = [
    "FLOOR",
    "LEARNERS",
    "Contender",
    "LearnedEffects",
    "PersonEffects",
    "Treatment",
    "TreatmentReading",
    "learn_effects",
]
