"""What is sent as HTML: how each channel gets on, the outbox by state, autonomy's report, the record."""

from collections.abc import Sequence
from html import escape

from api.ui.shell.numbers import instant, percent, whole
from api.ui.shell.parts import Figure, empty, figures, notice, table
from api.ui.shell.visible import visible
from api.ui.shell.words import Words
from api.verbs.audit import Verification
from api.verbs.sends import OutboxCount, Progress, UnknownSend
from memory.domain.autonomy_report import AutonomyReport
from memory.store.audit import AuditEntry

MAX_DETAIL = 300
"""Most letters of an entry's details that a row shows."""
ORDER = ("planned", "claimed", "sent", "suppressed", "failed", "unknown")


def render_progress(found: Progress, words: Words, zone: str) -> str:
    """Give how many messages are due per channel, how fast they leave, and when they will have left."""
    language = words.language
    said = [words("runs", "stopped_now")] if found.is_stopped else []
    said += [] if found.has_worker else [words("runs", "no_worker")]
    warned = notice("".join(f"<p>{escape(line)}</p>" for line in said), "warn") if said else ""
    if not found.channels:
        return warned + empty(words("runs", "no_messages"), words("runs", "no_messages_more"))
    rows = []
    for one in found.channels:
        done = (
            instant(one.done_at, zone, language)
            if one.done_at
            else words("runs", "eta_none" if one.n_due else "eta_done")
        )
        rate = words("runs", "per_minute").format(n=f"{one.per_minute:,.1f}")
        counts = (one.n_due, one.n_in_hand, one.n_later)
        name = words("channels", one.channel)
        rows.append((escape(name), *(whole(n, language) for n in counts), escape(rate), escape(done)))
    heads = [words("runs", name) for name in ("channel", "due", "in_hand", "later", "rate", "eta")]
    about = words("runs", "rate_about").format(n=found.rate_minutes, at=instant(found.at, zone, language))
    shown = table(words("runs", "by_channel"), heads, rows, numbers=frozenset({1, 2, 3, 4}))
    return f'{warned}{shown}<p class="so-soft">{escape(about)}</p>'


def render_outbox(counts: Sequence[OutboxCount], words: Words) -> str:
    """Give the messages by state, then by channel and reason."""
    language = words.language
    sums = {state: sum(one.n_messages for one in counts if one.state == state) for state in ORDER}
    tiles = figures(
        Figure(words("runs", "states", state), whole(n, language), words("runs", "states_more", state))
        for state, n in sums.items()
    )
    rows = [
        (
            escape(words("channels", one.channel)), escape(words("runs", "states", one.state)),
            visible(one.reason.replace("_", " ")) or "–", whole(one.n_messages, language),
        )
        for one in sorted(counts, key=lambda one: (ORDER.index(one.state), -one.n_messages))
    ]  # fmt: skip
    if not rows:
        return tiles
    heads = [words("runs", name) for name in ("channel", "state", "why_so", "messages")]
    behind = table(words("runs", "by_reason"), heads, rows, numbers=frozenset({3}))
    return f"{tiles}<details class='so-more'><summary>{words('runs', 'by_reason')}</summary>{behind}</details>"


def render_unknown(one: UnknownSend, words: Words, zone: str) -> str:
    """Say of one unknown message what it is, when it was tried, and why nobody knows."""
    tried = instant(one.tried_at, zone, words.language) if one.tried_at else "–"
    plan = _plan_link(one.plan_id)
    lines = [
        f"{words('runs', 'tried')} {escape(tried)} · {visible(one.sender)}",
        f"{words('runs', 'plan')} {plan} · {visible(one.step_id)}",
        f"{words('runs', 'why_so')}: {visible(one.reason.replace('_', ' '))}",
        f"{words('runs', 'key')}: <code>{escape(one.send_key)}</code>",
    ]
    head = f"{words('channels', one.channel)}: {one.message_kind.replace('_', ' ')}"
    return f"<h4>{visible(head)}</h4>" + "".join(f"<p>{line}</p>" for line in lines)


def render_autonomy(found: AutonomyReport, words: Words, zone: str) -> str:
    """Give which share of decisions the agent took, and those that people were spared."""
    language = words.language
    share = "–" if found.agent_rate is None else percent(found.agent_rate, language, 0)
    tiles = figures(
        [
            Figure(words("runs", "by_agent"), whole(found.n_by_agent, language),
                   words("runs", "n_messages").format(n=whole(found.n_messages_by_agent, language))),
            Figure(words("runs", "by_people"), whole(found.n_by_people, language),
                   words("runs", "n_messages").format(n=whole(found.n_messages_by_people, language))),
            Figure(words("runs", "agent_share"), share, words("runs", "agent_share_more")),
            Figure(words("runs", "at_gate"), whole(found.n_waiting, language)),
        ]
    )  # fmt: skip
    rows = [
        (escape(instant(one.at, zone, language)), _plan_link(one.plan_id),
         str(one.level), visible(one.granted_by))
        for one in found.spared[:50]
    ]  # fmt: skip
    heads = [words("runs", name) for name in ("when", "plan", "level_short", "in_name_of")]
    spared = table(words("runs", "spared"), heads, rows) if rows else ""
    title = words("runs", "autonomy_report")
    return f"<details class='so-more'><summary>{title}</summary>{tiles}{spared}</details>"


def render_record(entries: Sequence[AuditEntry], words: Words, zone: str) -> str:
    """Give a row per entry, newest first."""
    if not entries:
        return empty(words("runs", "no_entries"), words("runs", "no_entries_more"))
    rows = [
        (
            f"{one.seq:,}", escape(instant(one.at, zone, words.language)), visible(one.actor), visible(one.action),
            visible(one.subject), visible(_detail(one)),
        )
        for one in entries
    ]  # fmt: skip
    heads = [words("runs", name) for name in ("entry", "when", "who", "did_what", "to_what", "more")]
    return table(words("runs", "record"), heads, rows)


def render_verification(found: Verification, words: Words) -> str:
    """Say whether the record holds, or where it is broken."""
    if found.holds:
        said = words("runs", "record_holds").format(n=whole(found.n_entries, words.language))
        return notice(f"<p><b>{escape(said)}</b></p>")
    said = words("runs", "record_broken").format(n=found.broken_at, why=found.why)
    return notice(f"<p><b>{visible(said)}</b></p><p>{words('runs', 'record_remedy')}</p>", "wrong")


def _plan_link(plan_id: str) -> str:
    return f'<a href="/ui/plans/{escape(plan_id)}">{escape(plan_id[:12])}</a>'


def _detail(one: AuditEntry) -> str:
    text = ", ".join(f"{name}: {value}" for name, value in one.detail.items())
    return text if len(text) <= MAX_DETAIL else f"{text[:MAX_DETAIL]}…"
