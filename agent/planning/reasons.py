"""Why a guardrail holds a plan back, in the reader's language: a sentence per reason, its figures from the reason."""

import re
from collections.abc import Callable, Mapping

from memory.domain.outcome import Blocked
from tools.offers.registry import OFFER_KINDS

from .reason_words import CHANNELS, CLASSES, FLOW, INCENTIVES, OFFERS, PLACES, SENTENCES, Unit
from .wording import template_title, words_of_cohort

STEP = re.compile(r"^journeys\.[a-z_]+\.steps\.([a-z_]+)\.(\w+)$")
OFFER = re.compile(rf"^offers\.([a-z_]+)\.({'|'.join(OFFER_KINDS)})\b")
JOURNEY = re.compile(r"^journeys\.([a-z_]+)$")


def reason_in_words(reason: Blocked, language: str) -> str | None:
    """Give a reason in a language: where it is, what is wrong, what stands there and what the limit is.

    English is what the guardrail says itself. In Chinese there is none (`None`) for a reason nobody worded, such as one
    of another check: whoever shows it says that it is in English.
    """
    if language != "zh":
        return reason.message
    found = SENTENCES.get(reason.rule, {}).get(reason.code)
    if found is None:
        return None
    sentence, unit = found
    return f"{_where(reason.path)}{sentence}{_figures(reason, unit)}。"


def _where(path: str) -> str:
    """Name the step, offer, journey or field in Chinese; nothing where the reason is about the whole plan."""
    if step := STEP.match(path):
        return f"{words_of_cohort(step[1], 'zh')}「{template_title(step[2], 'zh')}」："
    if offer := OFFER.match(path):
        return f"{words_of_cohort(offer[1], 'zh')}的{OFFERS.get(offer[2], offer[2])}："
    if journey := JOURNEY.match(path):
        return f"{words_of_cohort(journey[1], 'zh')}的旅程："
    return f"{PLACES.get(path, path)}：" if path else ""


def _figures(reason: Blocked, unit: Unit) -> str:
    """Give what stands there and what is allowed, as far as the reason names them."""
    show = SHOW[unit]
    actual, limit = show(reason.actual), show(reason.limit)
    parts = [f"此处为 {actual}" if actual else "", f"限值为 {limit}" if limit else ""]
    said = "，".join(part for part in parts if part)
    return f"（{said}）" if said else ""


def _rate(text: str) -> str:
    """Give a rate of 0..1, or two of them with dots between, in percent; what is none stays as it is."""
    try:
        return "–".join(f"{100 * float(part):.4g}%" for part in text.split("..")) if text else ""
    except ValueError:
        return text


def _clock(text: str) -> str:
    return f"{int(text) // 60:02d}:{int(text) % 60:02d}" if text.isdigit() else text


def _listed(words: Mapping[str, str]) -> Callable[[str], str]:
    return lambda text: "、".join(words.get(part, part) for part in text.split(", ") if part)


def _cohort(text: str) -> str:
    return words_of_cohort(text, "zh") if text else ""


SHOW: Mapping[Unit, Callable[[str], str]] = {
    "none": lambda _: "",
    "as_is": lambda text: text,
    "rate": _rate,
    "clock": _clock,
    "cohort": _cohort,
    "channel": _listed(CHANNELS),
    "class": _listed(CLASSES | INCENTIVES),
    "flow": lambda text: FLOW.get(text, ""),
}
"""How a reason's figures are written, by their unit."""
