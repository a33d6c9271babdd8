"""HTML of one decision: why this person, offer and hour; what was rejected; the smallest change that flips it."""

from html import escape
from typing import TYPE_CHECKING

from api.ui.shell.numbers import instant, money, percent
from api.ui.shell.parts import notice, status, table
from api.ui.shell.visible import visible
from api.ui.shell.words import Words
from api.verbs import decisions
from memory.domain.money import Money

if TYPE_CHECKING:
    from agent.replay.why_record import Why
    from agent.reports.decision_record import ChannelOption, DecisionRecord

MOST_TIMES = 8


def record_view(record: "DecisionRecord", words: Words, zone: str) -> str:
    """Give what was chosen and everything that was rejected, with the reasons."""
    head = words("people_page", "decided_head").format(
        at=instant(record.slot_at, zone, words.language), cohort=words.known("cohorts", record.cohort, otherwise="vip"),
        version=record.guardrail_version[:12],
    )  # fmt: skip
    said = f'<p class="so-soft">{visible(head)}</p>'
    if record.arm != "treated":
        return said + notice(escape(words("people_page", "withheld")))
    state = ""
    if record.state:
        name = words.known("people_page", "states", record.state, otherwise="other")
        why = f" ({_reasons((record.state_reason,), words)})" if record.state_reason else ""
        state = f"<p>{escape(words('people_page', 'became').format(state=name + why))}</p>"
    parts = _channels(record, words) + _times(record, words) + _subjects(record, words)
    return f'<div class="so-why">{said}{state}{parts}</div>'


def why_view(found: "Why", words: Words) -> str:
    """Say in sentences why the first leads and what would flip it; the title line is the page's own."""
    *lines, known = decisions.why_words(found, words.language)[1:]
    said = "".join(f"<p>{visible(line.strip())}</p>" for line in lines)
    return f'{said}<p class="so-soft">{visible(known)}</p>'


def _channels(record: "DecisionRecord", words: Words) -> str:
    rows = []
    for one in sorted(record.channels, key=lambda one: not one.is_chosen):
        rows.append(
            (
                escape(_channel(one, words)), _mark(one.is_chosen, words), escape(_reasons(one.reasons, words)),
                *_figures(one, record, words),
            )
        )  # fmt: skip
    heads = [words("people_page", "heads", name) for name in ("option", "result", "because", "worth", "cost", "chance")]
    return table(words("people_page", "channels_considered"), heads, rows, numbers=frozenset({3, 4, 5}))


def _channel(one: "ChannelOption", words: Words) -> str:
    if one.channel == "none":
        return words("people_page", "nothing_sent")
    name = words.known("people_page", "where", one.channel, otherwise="other")
    return words("people_page", "with_offer").format(channel=name, offer=one.offer_id) if one.offer_id else name


def _figures(one: "ChannelOption", record: "DecisionRecord", words: Words) -> tuple[str, str, str]:
    if one.channel == "none":
        return "–", "–", escape(percent(one.propensity, words.language))
    worth, cost = (
        money(Money(amount_minor=round(millis / 1000), currency=record.currency), words.language)
        for millis in (one.value_millis, one.cost_millis)
    )
    return escape(worth), escape(cost), escape(percent(one.propensity, words.language))


def _times(record: "DecisionRecord", words: Words) -> str:
    if not record.times:
        return ""
    chosen = [one for one in record.times if one.is_chosen]
    others = [one for one in record.times if not one.is_chosen]
    rows = [
        (
            escape(one.local), escape(words.known("people_page", "where", one.channel, otherwise="other")),
            _mark(one.is_chosen, words), escape(_reasons(one.reasons, words)) or "–",
        )
        for one in [*chosen, *others[: MOST_TIMES - len(chosen)]]
    ]  # fmt: skip
    heads = [words("people_page", "heads", name) for name in ("hour", "channel", "result", "because")]
    caption = words("people_page", "hours_considered").format(zone=record.zone, n=len(record.times))
    return table(caption, heads, rows)


def _subjects(record: "DecisionRecord", words: Words) -> str:
    if not record.subjects:
        return ""
    rows = [
        (visible(one.words), _mark(one.is_chosen, words), escape(_reasons(one.reasons, words)) or "–")
        for one in record.subjects
    ]
    heads = [words("people_page", "heads", name) for name in ("line", "result", "because")]
    return table(words("people_page", "lines_considered"), heads, rows)


def _mark(is_chosen: bool, words: Words) -> str:
    if is_chosen:
        return status(words("people_page", "taken"))
    return f'<span class="so-soft">{escape(words("people_page", "rejected"))}</span>'


def _reasons(codes: tuple[str, ...], words: Words) -> str:
    return ", ".join(decisions.reason_words(one, words.language) for code in codes for one in code.split(",") if one)
