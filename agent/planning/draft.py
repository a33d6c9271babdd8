"""The draft: the few things a planner decides. Compact, so that a small language model can write it too."""

import re
from typing import Annotated, Any

from pydantic import Field, model_validator

from memory.domain.base import Count, Frozen, Rate, Slug
from memory.domain.cohort import CohortId
from memory.domain.market import Channel
from memory.domain.plan import PlannedBucket

_SHORT = re.compile(r"^([a-z0-9_.-]+?)(?:@(\d{1,2}))?(?:\+([a-z0-9_.-]+))?$")


class DraftStep(Frozen):
    """One step: a template of the catalogue, and when.

    The short form `"review_invitation@13+review_points"` (template, day, offer) is read as well.
    """

    template: Slug
    """Id of a step template in the catalogue."""
    day: Annotated[int, Field(ge=0, le=90)] | None = None
    """Days after the anchor date; the playbook's day for the cohort where none is given."""
    offer: Slug | None = None
    """An offer kind such as `store_credit`, or the id of one of the draft's offers; the template's own where none."""
    channels: tuple[Channel, ...] | None = None
    """Channels that compete; the template's own where none are given."""
    content: Slug | None = None
    """The item of the content library a `library_content` step speaks of; other steps name none."""

    @model_validator(mode="before")
    @classmethod
    def _read_short_form(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        match = _SHORT.match(value.strip())
        if match is None:
            return {"template": value}
        template, day, offer = match.groups()
        return {"template": template, "day": None if day is None else int(day), "offer": offer}


class DraftOffer(Frozen):
    """An offer with figures of its own; a figure that is not given is worked out from the shop's data."""

    id: Slug
    """What steps call it by."""
    kind: Slug
    """An offer kind of the registry, such as `store_credit`."""
    amount_minor: Count | None = None
    """Credit or reward in the shop's minor units."""
    rate: Rate | None = None
    """Discount rate."""
    factor: Annotated[int, Field(ge=2, le=10)] | None = None
    """Points multiple."""
    min_spend_minor: Count | None = None
    """Smallest basket in the shop's minor units."""
    valid_days: Annotated[int, Field(ge=1, le=90)] | None = None
    """Days it is valid from its first step on."""
    categories: tuple[str, ...] | None = None
    """Only for these categories."""


class PlanDraft(Frozen):
    """What a planner decides; everything else is composed from the brief, the data and the playbook."""

    title: Annotated[str, Field(max_length=120)] = ""
    """What people call the plan."""
    journeys: dict[CohortId, tuple[DraftStep, ...]] = {}
    """Steps per cohort; a cohort that is not named gets the playbook's journey."""
    offers: tuple[DraftOffer, ...] = ()
    """Offers with figures of their own."""
    buckets: dict[PlannedBucket, Rate] = {}
    """Shares of the budget; the playbook's where none are given, otherwise they sum to 1."""
    holdout_rate: Rate | None = None
    """Share withheld; the brief's or the guardrail's where none is given."""
    left_out: dict[Slug, str] = {}
    """Steps (`cohort.template`) the playbook would hold and this draft leaves out, and why."""
    note: Annotated[str, Field(max_length=600)] = ""
    """Why, in a sentence or two; shown to people, never acted on."""
