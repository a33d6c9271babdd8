"""Words for the language model: locked prompts, limits from the guardrails, the brief as data. No people, no clock."""

import json
from collections.abc import Sequence
from typing import Any

from agent.learning.words import lesson_words
from agent.toolbox.cleaning import clean
from agent.toolbox.desk import Desk
from memory.domain.brief import Brief
from memory.domain.guardrails import Guardrails
from memory.domain.lesson import Lesson
from prompts.library import Prompt, load

PROMPTS = ("plan", "plan_nudge", "plan_structured")
"""What the planner may say, besides data."""
MOST_LESSONS = 12
"""Lessons the language model reads, the newest first; `recall_lessons` finds older ones."""
LANGUAGE_NAMES = {"en": "English", "zh": "Chinese"}


def prompt_refs(names: tuple[str, ...] = PROMPTS) -> dict[str, str]:
    """Give reference to hash of the newest version of each prompt, for plans and sessions to cite."""
    return {prompt.ref: prompt.sha256 for prompt in map(load, names)}


def planner_system(desk: Desk, language: str) -> str:
    """Give the planner's system message; it starts the same for every shop and brief."""
    return load("plan").render({"language": _name(language), "limits": limits_text(desk.context.guardrails)})


def nudge() -> str:
    """Give what is said to a planner that stopped without submitting."""
    return load("plan_nudge").render({}).strip()


def structured_request(desk: Desk, language: str) -> str:
    """Give the request for the draft as one JSON object."""
    from agent.toolbox.propose_offers import Which
    from agent.toolbox.propose_offers import run as offers
    from agent.toolbox.store_overview import run as overview
    from agent.toolbox.tool import NoArguments

    prompt: Prompt = load("plan_structured")
    return prompt.render(
        {
            "language": _name(language),
            "limits": limits_text(desk.context.guardrails),
            "overview": compact(overview(desk, NoArguments())),
            "offers": compact(offers(desk, Which())),
        }
    )


def brief_text(brief: Brief, lessons: Sequence[Lesson] = ()) -> str:
    """Give the brief as one JSON object of what differs from the defaults; notes are cleaned and stay data.

    Lessons of measured plans follow where there are some.
    """
    said = brief.model_dump(mode="json", exclude_defaults=True)
    if brief.notes:
        said["notes"] = [clean(note, 160) for note in brief.notes[-4:]]
    return f"Brief (data): {compact(said)}{lessons_text(lessons)}\nDraft the plan."


def lessons_text(lessons: Sequence[Lesson]) -> str:
    """Give what the newest measured plans taught, as lines of data; empty where nothing was measured."""
    newest = sorted(lessons, key=lambda one: (one.ends_on, one.plan_id), reverse=True)[:MOST_LESSONS]
    if not newest:
        return ""
    told = "\n".join(f"- {clean(lesson_words(one), 400)}" for one in newest)
    return f"\nLessons measured in this shop (data; effects in prices and forecasts hold them already):\n{told}"


def limits_text(limits: Guardrails) -> str:
    """Give the guardrails' values as lines; the same values always give the same bytes."""
    ceilings = ", ".join(f"{cohort} {rate:.0%}" for cohort, rate in sorted(limits.discount_ceiling.items()))
    caps = ", ".join(
        f"{cap.max_messages} {cap.message_class} in {cap.window_days} days" for cap in limits.frequency_caps
    )
    return "\n".join(
        (
            f"- plan budget: {limits.plan_budget}",
            f"- largest discount: {ceilings}",
            f"- smallest price ratio {limits.min_price_ratio:.2f}, smallest margin {limits.min_margin_rate:.2f}",
            f"- messages per person at most: {caps or 'not capped'}",
            f"- no promotion within {limits.recent_buyer_days} days after an order",
            f"- holdout at least {limits.min_holdout_rate:.0%}",
            f"- promotional share of a journey at most {limits.max_promo_share:.0%}",
            f"- channels: {', '.join(limits.channels)}; languages: {', '.join(limits.languages)}",
        )
    )


def compact(value: Any) -> str:
    """Give JSON with sorted keys and no spaces."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _name(language: str) -> str:
    return LANGUAGE_NAMES.get(language, "English")
