"""How a request stands as HTML: its state, its figures, whose texts were read, to whom it passes, who was told."""

from collections.abc import Iterable
from datetime import datetime
from html import escape

from agent.approval.reading import MarketReading
from api.ui.shell.numbers import day, instant, money, percent, whole
from api.ui.shell.parts import Figure, figures, notice, status, table
from api.ui.shell.visible import visible
from api.ui.shell.words import Words
from api.verbs.approvals import QueueEntry, Standing
from api.verbs.exhibits import Digest
from memory.domain.approval import Approval

CHIPS = {"waiting": "waiting", "approved": "", "sent_back": "waiting", "rejected": "rejected", "expired": "stopped",
         "void": "stopped"}  # fmt: skip
"""The colour of each state."""


def chip(approval: Approval, words: Words) -> str:
    """Give a request's state as a label."""
    return status(words("decided", approval.status), CHIPS[approval.status])


def head(found: Standing, words: Words, zone: str) -> str:
    """Give what is asked for, by whom, until when by the reader's clock."""
    one = found.approval
    asked = words("approvals", "asked").format(by=one.requested_by, at=instant(one.requested_at, zone, words.language))
    until = words("approvals", "until").format(at=instant(one.expires_at, zone, words.language))
    title = f"<h2>{visible(found.title)} {chip(one, words)}</h2>"
    return f'<div>{title}<p class="so-lead">{escape(asked)} <b>{escape(until)}</b></p></div>'


def key_figures(found: Digest, words: Words) -> str:
    """Give reach, cost and worst-case loss, with what each rests on, and whether anybody measured the forecast."""
    price, language = found.price, words.language
    orders = price.outlook.added_orders
    likely = f"{whole(orders.low, language)} … {whole(orders.high, language)}"
    shown = figures(
        (
            Figure(
                words("reach"),
                whole(price.n_people, language),
                words("approvals", "of_all").format(
                    rate=percent(price.people_rate, language), n=whole(price.n_withheld, language)
                ),
            ),
            Figure(
                words("expected"),
                money(price.expected_cost, language),
                words("approvals", "messages_at_most").format(n=whole(price.n_messages, language)),
            ),
            Figure(words("worst_loss"), money(price.worst_case_cost, language), words("approvals", "worst_more")),
            Figure(
                words("forecast"),
                whole(orders.expected, language),
                f"{likely} ({words('basis', price.outlook.basis)})",
            ),
        )
    )
    return f'{shown}<p class="so-soft">{escape(price.outlook.words[language])}</p>'


def summary_figures(found: Digest, words: Words) -> str:
    """Give reach, cost and worst-case loss as short lines."""
    price, language = found.price, words.language
    rows = (
        (words("reach"), f"{whole(price.n_people, language)} ({percent(price.people_rate, language)})"),
        (words("expected"), money(price.expected_cost, language)),
        (words("worst_loss"), money(price.worst_case_cost, language)),
    )
    cells = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in rows)
    return f'<dl class="so-brief">{cells}</dl>'


def what(found: Digest, words: Words) -> str:
    """Give in one line what the plan is."""
    language = words.language
    return escape(
        words("approvals", "what").format(
            first=day(found.anchor_on, language),
            last=day(found.ends_on, language),
            steps=whole(found.n_steps, language),
            offers=whole(found.n_offers, language),
            markets=", ".join(found.markets),
            languages=", ".join(found.languages),
        )
    )


def who(found: Standing, words: Words) -> str:
    """Give who touched the plan, and why the one who looks may or may not decide."""
    touched = ", ".join(sorted({*found.approval.touched_by, found.approval.requested_by}))
    lines = [f"<p>{escape(words('approvals', 'touched').format(who=touched))}</p>"]
    if found.in_place_of:
        said = words("approvals", "as_deputy").format(approver=found.in_place_of)
        lines.append(notice(escape(said), "warn"))
    elif found.why_not and found.why_not != "closed":
        lines.append(notice(escape(words("approvals", "why_not", found.why_not)), "warn"))
    return "".join(lines)


def outcome(found: Standing, words: Words, zone: str) -> str:
    """Give what became of a request that waits no more; empty while it waits."""
    one = found.approval
    if one.status == "waiting":
        return "" if found.why_not != "closed" else notice(escape(words("approvals", "over")), "warn")
    said = words("decided", one.status)
    if one.decided_by and one.decided_at:
        at = instant(one.decided_at, zone, words.language)
        said = words("approvals", "decided_by").format(what=said, by=one.decided_by, at=at)
    if one.is_staged and one.status == "approved":
        said += " " + words("approvals", "staged_only")
    note = f"<p>{words('approvals', 'note_was')}</p><blockquote>{visible(one.note)}</blockquote>" if one.note else ""
    return notice(f"<p><b>{escape(said)}</b></p>{note}", "" if one.status == "approved" else "warn")


def read_state(one: MarketReading, words: Words, zone: str) -> str:
    """Give who read a market's texts and when, or who has to."""
    name = escape(f"{one.market} · {words('approvals', 'texts').format(n=one.n_texts, language=one.language)}")
    if one.read is not None:
        at = instant(one.read.read_at, zone, words.language)
        said = escape(words("approvals", "read_by").format(who=one.read.reader, at=at))
        return f"<p><b>{name}</b> {status(words('approvals', 'is_read'))}<br>{said}</p>"
    said = escape(words("approvals", "to_read").format(who=", ".join(one.readers)))
    return f"<p><b>{name}</b> {status(words('approvals', 'is_unread'), 'waiting')}<br>{said}</p>"


def passing(found: Standing, words: Words, zone: str) -> str:
    """Give to whom the request passed, and to whom it passes next."""

    def at(moment: datetime) -> str:
        return instant(moment, zone, words.language)

    lines = [
        words("approvals", "passed").format(deputy=one.deputy, approver=one.approver, at=at(one.passed_at))
        for one in found.passed
    ] + [
        words("approvals", "passes").format(deputy=one.deputy, approver=one.approver, at=at(one.at))
        for one in found.coming
    ]
    return "".join(f"<p>{escape(line)}</p>" for line in lines)


def told(found: Standing, words: Words, zone: str) -> str:
    """Give who was told by which way, or why they were not."""
    rows = []
    for one in found.notices:
        way, _, name = one.way.partition(":")
        at = f"<br>{escape(instant(one.told_at, zone, words.language))}" if one.told_at else ""
        why = f"<br>{visible(one.reason)}" if one.reason else ""
        kind = "" if one.status in ("told", "planned", "sending") else "stopped"
        state = status(words("approvals", "told_states", one.status), kind)
        named = escape(words("approvals", "ways", way).format(name=name))
        rows.append(f"<li>{named}: {escape(words('approvals', 'kinds', one.kind))} {state}{at}{why}</li>")
    return f"<ul>{''.join(rows)}</ul>" if rows else ""


def queue(caption: str, entries: Iterable[QueueEntry], words: Words, zone: str, *, is_open: bool) -> str:
    """Give requests as a table; each title leads to its page."""
    last = "until_head" if is_open else "state_head"
    heads = [words("approvals", name) for name in ("plan_head", "by_head", "asked_head", last)]
    rows = []
    for entry in entries:
        one = entry.approval
        link = f'<a href="/ui/approvals/{escape(one.id)}">{visible(entry.title) or escape(one.plan_id[:12])}</a>'
        end = escape(instant(one.expires_at, zone, words.language)) if is_open else chip(one, words)
        if not is_open and one.decided_by:
            end += f" {escape(one.decided_by)}"
        asked = escape(instant(one.requested_at, zone, words.language))
        rows.append((link, escape(one.requested_by), asked, end))
    return table(caption, heads, rows)
