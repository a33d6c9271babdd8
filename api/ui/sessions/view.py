"""Recorded sessions as HTML: the list, what happened entry by entry, what a replay found, what would differ."""

import json
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from api.ui.shell.numbers import instant, percent, whole
from api.ui.shell.parts import Figure, empty, figures, notice, status, table
from api.ui.shell.visible import visible
from api.ui.shell.words import Words
from memory.domain.session import Session, SessionEvent

if TYPE_CHECKING:
    from agent.replay.diff import SessionDiff
    from agent.replay.report import ReplayReport
    from eval.scoreboard.board import Board

MAX_BODY = 6_000
"""Most letters of one entry's content that a page shows."""
KINDS = {"stopped": "stopped", "failed": "stopped", "running": "waiting"}


def render_list(found: Sequence[Session], words: Words, zone: str) -> str:
    """Give a row per session, newest first, each with a link to read it."""
    if not found:
        return empty(
            words("sessions", "none"), words("sessions", "none_more"), ("/ui/chat", words("sessions", "to_chat"))
        )
    names = ("began", "id", "kind", "by", "status", "llm", "plan")
    rows = [
        (
            f'<a href="/ui/sessions/{escape(one.id)}">{escape(instant(one.started_at, zone, words.language))}</a>',
            f"<code>{escape(one.id)}</code>",
            escape(words("sessions", "kinds", one.kind)),
            visible(one.principal),
            status(words("sessions", "statuses", one.status), KINDS.get(one.status, "")),
            visible(one.llm) or words("sessions", "no_llm"),
            _plan_link(one.plan_id) or "–",
        )
        for one in found
    ]
    return table(words("sessions", "listed"), [words("sessions", name) for name in names], rows)


def render_head(one: Session, words: Words, zone: str) -> str:
    """Give what a session was, how it ended, and what it read."""
    usage = ", ".join(f"{visible(name)} {whole(n, words.language)}" for name, n in sorted(one.usage.items()))
    why = f" · {visible(one.stop_reason)}" if one.stop_reason else ""
    chip = status(words("sessions", "statuses", one.status), KINDS.get(one.status, ""))
    facts = [
        (words("sessions", "began"), escape(instant(one.started_at, zone, words.language))),
        (words("sessions", "by"), visible(one.principal)),
        (words("sessions", "status"), f"{chip}{why}"),
        (words("sessions", "llm"), visible(one.llm) or words("sessions", "no_llm")),
        (words("sessions", "used"), usage or "–"),
        (words("sessions", "data"), whole(one.data_version, words.language)),
        (words("sessions", "guardrails"), visible(one.guardrail_version[:12]) or "–"),
        (words("sessions", "seed"), str(one.seed)),
        (words("sessions", "plan"), _plan_link(one.plan_id) or words("sessions", "no_plan")),
    ]
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{value}</dd>" for name, value in facts)
    return f'<dl class="so-facts">{rows}</dl>'


def render_events(events: Sequence[SessionEvent], words: Words, zone: str) -> str:
    """Give each entry as a card that opens to its content; what people said stands open."""
    return f'<ol class="so-entries">{"".join(_event(one, words, zone) for one in events)}</ol>'


def _event(one: SessionEvent, words: Words, zone: str) -> str:
    named = one.body.get("tool") or one.body.get("name") or one.body.get("code") or ""
    name = f": {visible(str(named).replace('_', ' '))}" if named else ""
    at = instant(one.at, zone, words.language)
    head = (
        f"<span class='so-soft'>{one.seq}</span> <b>{escape(words('sessions', 'events', one.kind))}{name}</b> "
        f"<span class='so-soft'>{escape(at)}</span>"
    )
    if one.kind == "user":
        return f"<li class='so-panel'><p>{head}</p><p>{visible(str(one.body.get('text', '')))}</p></li>"
    plan = _plan_link(str(one.body.get("plan_id", ""))) if one.kind in ("plan", "end") else ""
    linked = f"<p>{words('sessions', 'plan')}: {plan}</p>" if plan else ""
    content = json.dumps(one.body, ensure_ascii=False, indent=2, sort_keys=True)
    cut = words("sessions", "cut").format(n=whole(len(content), words.language)) if len(content) > MAX_BODY else ""
    more = f"<p class='so-soft'>{escape(cut)}</p>" if cut else ""
    label = f"{words('sessions', 'content')} {one.seq}"
    body = f"<pre tabindex='0' role='region' aria-label='{escape(label)}'>{visible(content[:MAX_BODY])}</pre>{more}"
    return f"<li class='so-panel'><details><summary>{head}</summary>{linked}{body}</details></li>"


def render_replay(found: "ReplayReport", words: Words) -> str:
    """Say whether a replay gave the same, and where it does not."""
    said, kind = ("same", "") if found.is_same and found.holds else (
        ("holds", "warn") if found.holds else ("differs", "wrong")
    )  # fmt: skip
    shown = [
        Figure(
            words("sessions", "plans"),
            words("sessions", "equal" if found.plan_hash_same else "unequal"),
            f"{_ids(found.recorded_plan_ids)} → {_ids(found.replayed_plan_ids)}",
        ),
        Figure(
            words("sessions", "decisions"),
            words("sessions", "decided", found.decisions.replace(" ", "_")),
            words("sessions", "n_decided").format(n=whole(found.n_decisions, words.language)),
        ),
        Figure(words("sessions", "ended"), found.replayed_end, f"{words('sessions', 'was')} {found.recorded_end}"),
        Figure(
            words("sessions", "exchanges"),
            f"{found.n_played} / {found.n_exchanges}",
            words("sessions", "hand_offs").format(n=found.n_hand_offs),
        ),
    ]
    drift = "".join(f"<li><code>{visible(line)}</code></li>" for line in found.drift[:50])
    where = f"<h4>{words('sessions', 'drift')}</h4><ul>{drift}</ul>" if drift else ""
    verdict = f"<p><b>{words('sessions', 'verdicts', said)}</b> {words('sessions', 'verdicts_more', said)}</p>"
    return notice(verdict, kind) + figures(shown) + where


def render_diff(found: "SessionDiff", words: Words) -> str:
    """Say what differs first, then each cause, the plan's parts and the decisions."""
    cause = words("sessions", "causes", found.first_cause) if found.first_cause else ""
    said = words("sessions", "changed").format(cause=cause) if found.is_changed else words("sessions", "unchanged")
    ends = f"{words('sessions', 'ended')}: {visible(found.end_a)} → {visible(found.end_b)}"
    parts = [notice(f"<p><b>{escape(said)}</b></p><p>{ends}</p>", "warn" if found.is_changed else "")]
    if found.causes:
        heads = [words("sessions", name) for name in ("cause", "before", "after", "place")]
        rows = [
            (escape(words("sessions", "causes", one.name)), visible(one.before), visible(one.after), visible(one.place))
            for one in found.causes
        ]
        parts.append(table(words("sessions", "all_causes"), heads, rows))
    if found.parts:
        rows_ = [(visible(one.words), visible(one.before[:200]), visible(one.after[:200])) for one in found.parts[:100]]
        heads = [words("sessions", name) for name in ("part", "before", "after")]
        parts.append(table(words("sessions", "plan_parts").format(n=len(found.parts)), heads, rows_))
    parts.append(_decisions(found, words))
    notes = "".join(f"<li>{visible(note)}</li>" for note in found.notes if note != "decisions_not_bundled")
    if notes:
        parts.append(f"<h4>{words('sessions', 'notes')}</h4><ul class='so-soft'>{notes}</ul>")
    return "".join(parts)


def _decisions(found: "SessionDiff", words: Words) -> str:
    compared, language = found.decisions, words.language
    if compared is None:
        return f'<p class="so-soft">{words("sessions", "no_decisions")}</p>'
    shown = [
        Figure(words("sessions", "counts", name), whole(n, language))
        for name, n in (
            ("same", compared.n_same), ("changed", compared.n_changed), ("only_a", compared.n_only_a),
            ("only_b", compared.n_only_b),
        )
    ]  # fmt: skip
    heads = [words("sessions", name) for name in ("person", "step", "before", "after")]
    rows = [
        (visible(one.person_id), visible(one.step_id), _choice(one.before, one.reason_before),
         _choice(one.after, one.reason_after))
        for one in compared.listed
    ]  # fmt: skip
    listed = table(words("sessions", "some_decisions"), heads, rows) if rows else ""
    return figures(shown) + listed


def render_board(found: "Board", words: Words) -> str:
    """Give the planners of the last scoreboard, best first."""
    language = words.language
    names = ("planner", "score", "of_best", "lift", "violations", "unsubscribed", "pass_1", "pass_k")
    rows = [
        (
            visible(one.planner), f"{one.score:.2f}", percent(one.share, language), f"{one.rpr_lift_pp:+.2f}",
            whole(one.n_violations, language), whole(one.n_unsubscribed, language), percent(one.pass_1, language, 0),
            percent(one.pass_k, language, 0),
        )
        for one in found.rows
    ]  # fmt: skip
    about = words("sessions", "board_about").format(
        people=whole(found.n_customers, language), seeds=len(found.seeds), tasks=len(found.tasks), k=found.k
    )
    heads = [words("sessions", name) for name in names]
    board = table(words("sessions", "best_first"), heads, rows, numbers=frozenset(range(1, len(names))))
    return f'{board}<p class="so-soft">{escape(about)}</p>'


def _choice(option: str, reason: str) -> str:
    return f"{visible(option) or '–'}<br><span class='so-soft'>{visible(reason)}</span>"


def _plan_link(plan_id: str) -> str:
    return f'<a href="/ui/plans/{escape(plan_id)}"><code>{escape(plan_id[:12])}</code></a>' if plan_id else ""


def _ids(plan_ids: Sequence[Any]) -> str:
    return ", ".join(str(one)[:12] for one in plan_ids) or "–"
