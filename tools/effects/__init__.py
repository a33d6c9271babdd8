"""Effects per person: what each message adds for whom, learned from choices that chance made, or refused."""

from .arm import Arm
from .effect import PersonEffects
from .learn import learn_effects
from .learned import ArmReading, Contender, LearnedEffects
from .learners import FLOOR, LEARNERS

__all__ = ["FLOOR", "LEARNERS", "Arm", "ArmReading", "Contender", "LearnedEffects", "PersonEffects", "learn_effects"]
