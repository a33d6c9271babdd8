"""Assumed effects per cohort and kind of message, and assumed redemption: the table planning and deciding share."""

from functools import cache
from pathlib import Path

import pyarrow as pa
import yaml

from memory.domain.base import Frozen, Rate
from memory.domain.cohort import COHORTS, CohortId
from memory.domain.errors import NotFound
from memory.domain.message import MESSAGE_KINDS, MessageKind

FILE = Path(__file__).parent / "data" / "playbook-priors-v1.yaml"
EFFECTS_SCHEMA = pa.schema(
    [
        ("cohort", pa.string()),
        ("message_kind", pa.string()),
        ("effect_mean", pa.float64()),
        ("effect_sd", pa.float64()),
        ("effect_source", pa.string()),
    ]
)
"""One row per cohort and kind of message."""


class Effect(Frozen):
    """What one message adds to the chance of a further order within 90 days."""

    mean: float
    """Added probability."""
    sd: float
    """Its standard deviation, as an honest doubt."""


class EffectPriors(Frozen):
    """The whole table with its label."""

    label: str
    """How figures made from it are labelled, such as `assumption:playbook-priors-v1`."""
    cohort_factors: dict[CohortId, float]
    """Scales mean and deviation per cohort."""
    effects: dict[MessageKind, tuple[float, float]]
    """Mean and deviation per kind for an average buyer."""
    redemption: dict[str, Rate]
    """Share of receivers who redeem, per offer kind."""

    def get(self, cohort: CohortId, kind: MessageKind) -> Effect:
        """Give the effect of one kind on one cohort."""
        mean, sd = self.effects[kind]
        factor = self.cohort_factors[cohort]
        return Effect(mean=mean * factor, sd=sd * factor)

    def redemption_rate(self, offer_kind: str) -> float:
        """Give the assumed redemption of an offer kind; raise `NotFound` for an unknown one."""
        if offer_kind not in self.redemption:
            raise NotFound(kind="offer kind", id=offer_kind)
        return self.redemption[offer_kind]

    def table(self) -> pa.Table:
        """Give the effects as rows of `EFFECTS_SCHEMA`, for joins with candidates."""
        pairs = [(cohort, kind, self.get(cohort, kind)) for cohort in COHORTS for kind in MESSAGE_KINDS]
        columns = zip(*[(cohort, kind, each.mean, each.sd, self.label) for cohort, kind, each in pairs], strict=True)
        arrays = [pa.array(list(values), field.type) for values, field in zip(columns, EFFECTS_SCHEMA, strict=True)]
        return pa.Table.from_arrays(arrays, schema=EFFECTS_SCHEMA)


@cache
def load_effects() -> EffectPriors:
    """Read the shipped table once."""
    return EffectPriors.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))
