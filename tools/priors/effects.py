"""Assumed effects per cohort and kind of message, and assumed redemption: the table planning and deciding share."""

from collections.abc import Mapping
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


Cell = tuple[CohortId, MessageKind]
"""What an effect is of."""


class Effect(Frozen):
    """What one message adds in further orders within 90 days: as long as it is small, the chance of one."""

    mean: float
    """Added orders per message."""
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

    def table(self, moved: Mapping[Cell, Effect] | None = None, source: str = "") -> pa.Table:
        """Give the effects as rows of `EFFECTS_SCHEMA`, for joins with candidates.

        `moved` are those that measured plans moved, by cohort and kind, labelled `source`.
        """
        own = moved or {}
        pairs = [(cohort, kind) for cohort in COHORTS for kind in MESSAGE_KINDS]
        rows = [(*pair, own.get(pair) or self.get(*pair), source if pair in own else self.label) for pair in pairs]
        columns = zip(*[(cohort, kind, each.mean, each.sd, label) for cohort, kind, each, label in rows], strict=True)
        arrays = [pa.array(list(values), field.type) for values, field in zip(columns, EFFECTS_SCHEMA, strict=True)]
        return pa.Table.from_arrays(arrays, schema=EFFECTS_SCHEMA)


@cache
def load_effects() -> EffectPriors:
    """Read the shipped table once."""
    return EffectPriors.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))
