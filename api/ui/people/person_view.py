"""HTML of one person: the timeline, decisions, consent per channel, what is known and why records are one person."""

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from api.ui.shell.numbers import instant, money, percent, whole
from api.ui.shell.parts import empty, notice, status, table, tabs
from api.ui.shell.visible import visible
from api.ui.shell.words import Words
from api.verbs import decisions
from memory.domain.money import Currency, Money

if TYPE_CHECKING:
    from agent.reports import DecisionLine, PersonProfile
    from agent.reports.person_view import PersonFact
    from agent.reports.timeline import Timeline, TimelineEntry

KINDS = ("order", "message", "consent", "event")


def timeline_list(found: "Timeline", kind: str, address: str, words: Words, zone: str) -> str:
    """Give what happened, newest first, of one kind or of all; says how many there are."""
    shown = [one for one in found.entries if kind not in KINDS or one.kind == kind]
    links = [(f"{address}?view=timeline", words("people_page", "everything"), kind not in KINDS)]
    links += [
        (
            f"{address}?view=timeline&kind={name}",
            f"{words('people_page', 'kinds', name)} ({whole(found.n_by_kind.get(name, 0), words.language)})",
            name == kind,
        )
        for name in KINDS
    ]
    head = tabs(words("people_page", "which"), links)
    if not shown:
        return head + empty(words("people_page", "nothing_title"), words("people_page", "nothing_text"))
    rows = "".join(f"<li>{_entry(one, words, zone)}</li>" for one in shown)
    n_all = sum(found.n_by_kind.get(name, 0) for name in KINDS if kind not in KINDS or name == kind)
    rest = words("people_page", "newest_of").format(
        n=whole(len(shown), words.language), of=whole(n_all, words.language)
    )
    more = f'<p class="so-soft">{escape(rest)}</p>' if n_all > len(shown) else ""
    return f'{head}<ol class="so-timeline">{rows}</ol>{more}'


def _entry(one: "TimelineEntry", words: Words, zone: str) -> str:
    what = {
        "order": lambda: words("people_page", "order").format(number=one.what),
        "message": lambda: one.what.replace("_", " "),
        "consent": lambda: words.known("people_page", "statuses", one.what, otherwise="other"),
        "event": lambda: words.known("people_page", "events", one.what, otherwise="other"),
    }[one.kind]()
    channel = words.known("people_page", "where", one.channel, otherwise="other") if one.channel else ""
    sum_ = "" if one.sum is None else money(one.sum, words.language)
    detail = [_detail(one.kind, part, words) for part in one.detail if part]
    more = " · ".join(part for part in (channel, sum_, *detail) if part)
    kind = status(words("people_page", "kinds", one.kind))
    at = f'<time class="so-soft">{escape(instant(one.at, zone, words.language))}</time>'
    return f"{at}<div>{kind} <b>{visible(what)}</b> <span class='so-soft'>{visible(more)}</span></div>"


def _detail(kind: str, part: str, words: Words) -> str:
    if kind == "message":
        return (
            words.known("people_page", "states", part, otherwise="other") if part in STATES else _reasons(part, words)
        )
    if kind == "order":
        return words("people_page", "orders", part) if part in ORDER_STATES else part
    if kind == "consent":
        return words("people_page", "methods", part) if part in METHODS else part
    return part


STATES = frozenset({"planned", "claimed", "sent", "suppressed", "failed", "unknown"})
ORDER_STATES = frozenset({"paid", "unpaid", "cancelled", "refunded"})
METHODS = frozenset(
    {
        "form", "checkout", "double_opt_in", "import", "one_click", "preference_page", "keyword", "existing_customer",
        "support", "assumed", "unknown",
    }
)  # fmt: skip


def _reasons(codes: str, words: Words) -> str:
    return ", ".join(decisions.reason_words(code, words.language) for code in codes.split(","))


def decisions_table(found: "tuple[DecisionLine, ...]", address: str, chosen: str, words: Words, zone: str) -> str:
    """Give the newest decisions about the person; each opens to its why."""
    if not found:
        return empty(words("people_page", "no_decisions"), words("people_page", "no_decisions_text"))
    rows = []
    for one in found:
        link = f"{address}?view=decisions&decision={quote(one.decision_id, safe='')}"
        current = ' aria-current="true"' if one.decision_id == chosen else ""
        name = one.step_id.partition(".")[2].replace("_", " ") or one.step_id
        channel = one.chosen.rpartition(":")[2]
        what = words("people_page", "nothing_sent") if one.chosen == "none" else words.known(
            "people_page", "where", channel, otherwise="other"
        )  # fmt: skip
        rows.append(
            (
                f'<a href="{escape(link)}"{current}>{visible(name)}</a>',
                escape(instant(one.slot_at, zone, words.language)), escape(what),
                escape(decisions.reason_words(one.chosen_reason, words.language)),
                f'<a href="/ui/plans/{escape(quote(one.plan_id))}"><code>{escape(one.plan_id[:12])}</code></a>',
            )
        )  # fmt: skip
    heads = [words("people_page", "heads", name) for name in ("step", "decided", "chosen", "because", "plan")]
    return table(words("people_page", "newest_decisions").format(n=len(found)), heads, rows)


def consent_table(found: "Timeline", words: Words, zone: str) -> str:
    """Give how consent stands per channel, with the statement it rests on, its source and time."""
    rows = []
    for one in found.channels:
        rests = one.rests_on
        kind = "" if one.standing == "granted" and not one.suppressed else "rejected"
        at = "–" if rests is None or rests.at is None else instant(rests.at, zone, words.language)
        how = "–" if rests is None else words.known("people_page", "methods", rests.method, otherwise="unknown")
        shut = words.known("people_page", "shut", one.suppressed, otherwise="other") if one.suppressed else "–"
        rows.append(
            (
                escape(words("channels", one.channel)), status(words("people_page", "standing", one.standing), kind),
                escape(at), escape(how), visible(rests.source) if rests is not None else "–", escape(shut),
            )
        )  # fmt: skip
    heads = [words("people_page", "heads", name) for name in ("channel", "standing", "since", "how", "source", "shut")]
    return table(words("people_page", "consent"), heads, rows)


def erased_notice(found: "PersonProfile", words: Words) -> str:
    """Say that the person asked to be forgotten, or that records were merged under another pseudonym."""
    if found.is_erased:
        return notice(escape(words("people_page", "is_erased")), "warn")
    if found.person_id != found.asked_for:
        said = words("people_page", "merged").format(id=found.person_id)
        return notice(visible(said))
    return ""


def facts_table(found: "PersonProfile", words: Words, currency: Currency) -> str:
    """Give what is known, with where it comes from and how fresh it is."""
    rows = [
        (
            escape(words("people_page", "facts", one.name)), visible(_value(one, words, currency)),
            f"{one.newest_fact_at:%Y-%m-%d}" if one.newest_fact_at else "–",
            visible(", ".join(one.sources)) or "–",
        )
        for one in (*found.context, *found.facts)
    ]  # fmt: skip
    heads = [words("people_page", "heads", name) for name in ("what", "value", "newest", "source")]
    caption = words("people_page", "known").format(n=found.data_version, day=f"{found.as_of:%Y-%m-%d}")
    return table(caption, heads, rows)


def _value(one: "PersonFact", words: Words, currency: Currency) -> str:
    value = one.value
    if value is None:
        return "–"
    if isinstance(value, bool):
        return words("people_page", "yes" if value else "no")
    if one.name == "revenue_minor" and isinstance(value, int):
        return money(Money(amount_minor=value, currency=currency), words.language)
    if one.name.endswith(("_share", "_rate")) and isinstance(value, int | float):
        return percent(float(value), words.language)
    if one.name == "loyalty_status":
        return words.known("people_page", "loyalty", str(value), otherwise="other")
    if one.name.endswith("_at"):
        return str(value)[:10]
    return str(value)


def links_table(found: "PersonProfile", words: Words, zone: str) -> str:
    """Give why records are one person: each observation with its rule, source and time; reversed ones, too."""
    n = words("people_page", "records").format(n=whole(len(found.records), words.language))
    if not found.merges:
        return f'<p class="so-soft">{escape(n)} {escape(words("people_page", "no_links"))}</p>'
    rows = []
    for one in found.merges:
        kinds = [
            words.known("people_page", "identifiers", kind, otherwise="other")
            for kind in (one.left_kind, one.right_kind)
        ]
        state = words("people_page", "holds")
        if one.reversed_at is not None:
            at = instant(one.reversed_at, zone, words.language)
            state = words("people_page", "reversed").format(by=one.reversed_by, at=at)
        rows.append(
            (
                escape(" = ".join(kinds)),
                visible(one.rule if words.language == "en" else words("people_page", "rules", "other")),
                visible(one.source), escape(instant(one.at, zone, words.language)), visible(state),
            )
        )  # fmt: skip
    heads = [words("people_page", "heads", name) for name in ("link", "rule", "source", "seen", "state")]
    return f'<p class="so-soft">{escape(n)}</p>' + table(words("people_page", "links"), heads, rows)
