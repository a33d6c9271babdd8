"""One step of a plan looked at closely: audience, exact words per channel and language, what a text costs, a gloss."""

from typing import TYPE_CHECKING, Literal

from agent.approval.exhibit import ShownMessage
from memory.domain.base import Count, Frozen
from memory.domain.cohort import CohortId
from memory.domain.errors import NotFound
from memory.domain.market import Channel, Language
from memory.domain.money import Money
from memory.domain.offer import Offer
from memory.domain.plan import Plan, Step

from .acting import Acting
from .plans import SpokenLanguage, get

if TYPE_CHECKING:
    from agent.planning.context import PlanContext
    from tools.copywriting.segments import SmsSize

GlossOrigin = Literal["template", "same", "none"]


class LanguageReach(Frozen):
    """One language of a step's people."""

    language: Language
    """Which."""
    n_people: Count
    """How many of the cohort read it and may be reached on a channel of the step."""
    is_written: bool
    """Whether the plan has copy in it; others get no message."""


class SmsCost(Frozen):
    """What a text message costs by its length."""

    alphabet: str
    """GSM-7 or UCS-2."""
    n_units: Count
    """Septets or UTF-16 units."""
    n_segments: Count
    """Messages billed for one text."""
    per_thousand: Money
    """Cost of a thousand such texts, all segments counted."""
    all_readers: Money
    """Cost if everybody of this language whom text messages may reach gets it."""


class LookedAt(Frozen):
    """One message with its gloss."""

    shown: ShownMessage
    """The exact words."""
    n_people: Count
    """People of this language the channel may reach, the control group taken off."""
    gloss: ShownMessage | None
    """The same step in the reader's language; none where it has none, or where the reader's language is its own."""
    gloss_origin: GlossOrigin
    """Where the gloss is from: the same template written in the reader's language, the message itself, or none."""
    sms: SmsCost | None
    """What it costs as a text message; none for other channels."""


class StepLook(Frozen):
    """One step with all that a marketer asks of it."""

    step: Step
    """The step."""
    cohort: CohortId
    """Whose journey."""
    n_cohort: Count
    """People in the cohort."""
    cohort_words: str
    """The cohort's rule in words."""
    audience_words: str
    """Who of the cohort gets it, in words; empty where all do."""
    offer: Offer | None
    """The offer it carries."""
    serves: str
    """The step of the five-step flow it stands for; empty where it stands for none."""
    languages: tuple[LanguageReach, ...]
    """Languages of its people, the most read first."""
    language: Language
    """The language its messages are shown in."""
    messages: tuple[LookedAt, ...]
    """Its messages, one per channel; none for a step of another sender or on a page."""


def look_at_step(
    acting: Acting, plan_id: str, step_id: str, language: Language = "", reader: SpokenLanguage = "en"
) -> StepLook:
    """Give a step with its exact words in a language (the most read one where none is named) and a gloss.

    Raise `NotFound` for a step the plan does not have.
    """
    from tools.segments import describe

    plan = get(acting, plan_id).plan
    journey = next((one for one in plan.journeys if any(step.id == step_id for step in one.steps)), None)
    if journey is None:
        raise NotFound(kind="step", id=step_id)
    step = next(one for one in journey.steps if one.id == step_id)
    known = acting.app.contexts.gather(acting.shop_id, plan.brief)
    cohort = next(one for one in plan.cohorts if one.id == journey.cohort)
    languages = _languages(step, journey.cohort, plan, known)
    chosen = _chosen(language, languages, plan)
    currency = known.shop.currency
    return StepLook(
        step=step,
        cohort=journey.cohort,
        n_cohort=cohort.n_people,
        cohort_words=describe(cohort.rule, reader, currency=currency),
        audience_words=describe(step.audience, reader, currency=currency) if step.audience else "",
        offer=plan.offer(step.offer_id) if step.offer_id else None,
        serves=_serves(step),
        languages=languages,
        language=chosen,
        messages=_messages(plan, step, journey.cohort, chosen, reader, known),
    )


def _languages(step: Step, cohort: CohortId, plan: Plan, known: "PlanContext") -> tuple[LanguageReach, ...]:
    counts: dict[Language, int] = {}
    shut = set(plan.brief.excluded)
    for cell in known.people:
        is_open = any(cell.reaches(channel) and (cell.market, channel) not in shut for channel in step.channels)
        if cell.cohort == cohort and is_open:
            counts[cell.language] = counts.get(cell.language, 0) + cell.n_people
    found = [LanguageReach(language=name, n_people=n, is_written=name in plan.languages) for name, n in counts.items()]
    return tuple(sorted(found, key=lambda one: (-one.n_people, one.language)))


def _chosen(language: Language, languages: tuple[LanguageReach, ...], plan: Plan) -> Language:
    if language in plan.languages:
        return language
    return next((one.language for one in languages if one.is_written), plan.languages[0])


def _serves(step: Step) -> str:
    from agent.planning.catalogue import template_of

    template = template_of(step.template)
    return (template.flow or "") if template else ""


def _messages(
    plan: Plan, step: Step, cohort: CohortId, language: Language, reader: Language, known: "PlanContext"
) -> tuple[LookedAt, ...]:
    from agent.approval.exhibit import step_messages

    rails = known.guardrails
    shown = step_messages(plan, step.id, known.shop, rails, (language,))
    readable = rails.model_copy(update={"languages": (*rails.languages, reader)})  # nothing is sent in it
    glosses = {} if reader == language else {
        one.channel: one
        for one in step_messages(plan, step.id, known.shop, readable, (reader,))
        if not one.problem
    }  # fmt: skip
    return tuple(
        LookedAt(
            shown=one,
            n_people=_n_readers(cohort, one.channel, language, plan, known),
            gloss=glosses.get(one.channel),
            gloss_origin="same" if reader == language else "template" if one.channel in glosses else "none",
            sms=_sms(one, _n_readers(cohort, one.channel, language, plan, known), known),
        )
        for one in shown
    )


def _n_readers(cohort: CohortId, channel: Channel, language: Language, plan: Plan, known: "PlanContext") -> int:
    n = known.n_reached(cohort, (channel,), excluded=plan.brief.excluded, languages=(language,))
    return n - int(n * plan.holdout.rate)


def _sms(shown: ShownMessage, n_readers: int, known: "PlanContext") -> SmsCost | None:
    from tools.copywriting.segments import sms_size
    from tools.priors.amounts import message_cost_millis

    if shown.channel != "sms" or shown.problem:
        return None
    size: SmsSize = sms_size(shown.text)
    millis = size.n_segments * message_cost_millis("sms", known.shop.currency)
    currency = known.shop.currency
    return SmsCost(
        **size.model_dump(),
        per_thousand=Money(amount_minor=millis, currency=currency),
        all_readers=Money(amount_minor=-(-millis * n_readers // 1000), currency=currency),
    )
