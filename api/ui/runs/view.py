"""What runs by itself as cards of words: what each waits for, what comes next and when, what ended it, the remedy."""

from collections.abc import Callable
from datetime import datetime
from html import escape
from typing import Literal, NamedTuple

from api.ui.shell.stop_bar import local
from api.ui.shell.visible import visible
from api.ui.shell.words import Words
from api.verbs.channels import ChannelStatus
from api.verbs.overview import Overview, RunNow, ScheduleNow
from memory.domain.approval import Approval
from memory.domain.autonomy import AutonomyGrant
from memory.domain.release import Release
from memory.domain.run import Run, Schedule

Deed = Literal["stop_run", "resume", "advance", "remove", "revoke"]
SECTIONS = ("gates", "open", "stopped", "releases", "channels", "schedules", "grants", "finished", "alerts")
"""The sections, in the order of what a person has to act on."""


class Card(NamedTuple):
    """One thing in a section."""

    key: str
    """Its id on the page."""
    html: str
    """What is said of it."""
    deed: Deed | None = None
    """What a person may do with it here."""
    subject: str = ""
    """With which run or plan."""
    permission: Literal["plan", "dispatch", "approve"] = "dispatch"
    """What the deed needs."""


class Teller:
    """Says an overview in one language and one zone."""

    def __init__(self, found: Overview, words: Words, zone: str) -> None:
        """Hold what is told."""
        self._found, self._words, self._zone = found, words, zone

    def cards(self, section: str) -> tuple[Card, ...]:
        """Give a section's cards; none where it has nothing to say."""
        found = self._found
        by_section: dict[str, Callable[[], tuple[Card, ...]]] = {
            "gates": self._gates,
            "open": lambda: tuple(self._run(one) for one in found.open_runs),
            "stopped": lambda: tuple(self._run(one) for one in found.stopped_runs),
            "finished": lambda: tuple(self._run(one) for one in found.finished_runs),
            "schedules": lambda: tuple(self._schedule(one) for one in found.schedules),
            "channels": lambda: tuple(self._channel(one) for one in found.channels),
            "releases": lambda: tuple(self._release(one) for one in found.releases),
            "grants": lambda: tuple(self._grant(one) for one in found.grants),
            "alerts": lambda: tuple(
                Card(f"alert-{one.id}", self._said(one.message, at=one.at)) for one in found.alerts
            ),
        }
        return by_section[section]()

    def _gates(self) -> tuple[Card, ...]:
        amendments = tuple(
            Card(
                f"amendment-{one.id}", self._said(self("amendment", old=one.old_plan_id[:12], new=one.new_plan_id[:12]))
            )
            for one in self._found.amendments
        )
        return tuple(self._gate(one) for one in self._found.approvals) + amendments

    def _gate(self, one: Approval) -> Card:
        head = self("request", plan=one.plan_id[:12])
        asked = self("asked", by=one.requested_by, at=self._at(one.expires_at))
        link = f"/ui/approvals?request={escape(one.id)}"
        name = f"{self('decide')}: {head}"
        look = (
            f'<p><a id="gate-link-{escape(one.id)}" href="{link}" aria-label="{escape(name)}">{self("decide")}</a></p>'
        )
        return Card(f"gate-{one.id}", f"<h4>{escape(head)}</h4><p>{escape(asked)}</p>{look}")

    def _run(self, one: RunNow) -> Card:
        run, is_open = one.run, one.run.status in ("running", "waiting")
        lines = [self._when(run), self._outcome(run)]
        if run.message:
            lines.append(f'<span class="so-soft">{visible(run.message)}</span>')
        if run.status == "stopped":
            remedy = self._words.known("runs", "remedies", run.reason, otherwise="other")
            lines.append(f"<b>{escape(self('remedy', what=remedy))}</b>")
        if is_open:
            lines.append(escape(self("next_step", step=self._next_step(one))))
        if one.next_at is not None and not is_open:
            lines.append(escape(self("again_at", at=self._at(one.next_at))))
        permission: Literal["plan", "dispatch"] = "plan" if run.kind == "plan" else "dispatch"
        html = self._head("kinds", run.kind, "statuses", run.status) + "".join(
            f"<p>{line}</p>" for line in lines if line
        )
        return Card(f"run-{run.id}", html, "stop_run" if is_open else None, run.id, permission)

    def _when(self, run: Run) -> str:
        parts = [f"{self('started')} {self._at(run.started_at)}"]
        if run.ended_at is not None:
            parts.append(f"{self('ended')} {self._at(run.ended_at)}")
        parts.append(self("by_schedule" if run.schedule_id else "by_hand"))
        if run.n_missed:
            parts.append(self("stands_in", n=run.n_missed))
        if run.decided_by:
            parts.append(self._words("runs", "decided_by", run.decided_by))
        plan = f" · <code>{escape(run.plan_id[:12])}</code>" if run.plan_id else ""
        return escape(" · ".join(parts)) + plan

    def _outcome(self, run: Run) -> str:
        if run.status == "running":
            return ""
        reason = run.reason or ("done" if run.status == "finished" else "other")
        return escape(self._words.known("runs", "reasons", reason, otherwise="other"))

    def _next_step(self, one: RunNow) -> str:
        if one.run.status == "waiting":
            name, at = ("person", self._at(one.waits_until)) if one.waits_until else ("lapsed", "")
            return self._words("runs", "steps", name).format(at=at)
        name = "tick" if one.run.kind == "tick" else "gate" if one.run.plan_id else "draft"
        return self._words("runs", "steps", name)

    def _schedule(self, one: ScheduleNow) -> Card:
        schedule = one.schedule
        lines = [self("set_up_by", by=schedule.created_by)]
        if schedule.kind == "plan":
            lines[0] += f" · {self._words('runs', 'planners', schedule.planner)}"
        if one.next_at is not None:
            lines.append(self("again_at", at=self._at(one.next_at)))
        lines.append(self("last_time", what=self._last(one.last)) if one.last else self("never"))
        head = f"{self._words('runs', 'kinds', schedule.kind)}, {self._rhythm(schedule)}"
        permission: Literal["plan", "dispatch"] = "plan" if schedule.kind == "plan" else "dispatch"
        html = f"<h4>{escape(head)}</h4>{self._lines(*lines)}"
        return Card(f"schedule-{schedule.id}", html, "remove", schedule.id, permission)

    def _last(self, run: Run) -> str:
        return f"{self._at(run.started_at)}, {self._words('runs', 'statuses', run.status)}"

    def _rhythm(self, schedule: Schedule) -> str:
        every = self._words("runs", "every", schedule.every)
        if schedule.every in ("hour", "data"):
            return every
        clock = f"{schedule.local_minute // 60:02}:{schedule.local_minute % 60:02}"
        days = {
            "week": self._words.some("runs", "weekdays")[schedule.weekday],
            "month": self._words.day_of_month(schedule.day),
            "year": f"{schedule.month:02}-{schedule.day:02}",
        }
        return " ".join(filter(None, (every, days.get(schedule.every, ""), clock)))

    def _channel(self, one: ChannelStatus) -> Card:
        now = self._words("runs", "circuits", one.circuit)
        lines = [] if one.circuit == "closed" else [self("trouble", what=one.trouble)]
        if one.opens_again_at is not None and one.circuit == "open":
            lines.append(self("again", at=self._at(one.opens_again_at)))
        if not one.is_live:
            lines.append(self("not_live"))
        if not one.is_ready:
            lines.append(self("not_ready"))
        if (warm := one.warm_up) is not None:
            is_warm = warm.ceiling is None
            said = "warm" if is_warm else "warm_up"
            lines.append(self(said, domain=warm.domain, n=f"{warm.ceiling or 0:,}", held=f"{warm.n_held:,}"))
            if warm.paused_at is not None:
                lines.append(self("warm_held", at=self._at(warm.paused_at), reason=warm.reason))
        state = "finished" if one.circuit == "closed" else "stopped"
        head = f"<h4>{self._words('channels', one.channel)} {self._chip(now, state)}</h4>"
        return Card(f"channel-{one.channel}", head + self._lines(*lines))

    def _release(self, one: Release) -> Card:
        share = f"{one.share_rate:.0%}"
        state = {"going": "running", "asking": "waiting", "done": "finished", "stopped": "stopped"}[one.status]
        reaches = escape(self("reaches", plan=one.plan_id[:12], share=share))
        head = f"<h4>{reaches} {self._chip(self._words('runs', 'release_states', one.status), state)}</h4>"
        bar = f'<div class="so-track" aria-hidden="true"><i style="width:{one.share_rate:.0%}"></i></div>'
        lines = [self("more_at", at=self._at(one.advance_at))] if one.status == "going" else []
        if one.reason:
            lines.append(self("harm", reason=one.reason))
        if one.status == "stopped":
            lines.append(self("remedy", what=self("harm_remedy")))
        deeds: dict[str, Deed] = {"stopped": "resume", "asking": "advance"}
        return Card(f"release-{one.plan_id}", head + bar + self._lines(*lines), deeds.get(one.status), one.plan_id)

    def _grant(self, one: AutonomyGrant) -> Card:
        level = self("level", n=one.level, what=self._words("runs", "levels", str(one.level)))
        lines = [self("granted", by=one.granted_by, at=self._at(one.granted_at), until=self._at(one.expires_at))]
        if (most := one.thresholds) is not None:
            reach, cost, loss = f"{most.max_reach:,}", str(most.max_cost), str(most.max_worst_loss)
            lines.append(self("thresholds", reach=reach, cost=cost, loss=loss))
        head = f"{self._words('runs', 'actions', one.action)}: {level}"
        note = f'<p class="so-soft">{visible(one.note)}</p>' if one.note else ""
        html = f"<h4>{escape(head)}</h4>{self._lines(*lines)}{note}"
        return Card(f"grant-{one.id}", html, "revoke", one.id, "approve")

    def _head(self, kinds: str, kind: str, states: str, state: str) -> str:
        name = escape(self._words("runs", kinds, kind))
        return f"<h4>{name} {self._chip(self._words('runs', states, state), state)}</h4>"

    def _chip(self, text: str, state: str) -> str:
        return f'<span class="so-status so-{state}">{escape(text)}</span>'

    def _lines(self, *lines: str) -> str:
        return "".join(f"<p>{visible(line)}</p>" for line in lines)

    def _said(self, text: str, at: datetime | None = None) -> str:
        when = f'<span class="so-soft">{self._at(at)}</span> ' if at else ""
        return f"<p>{when}{visible(text)}</p>"

    def _at(self, at: datetime) -> str:
        return local(at, self._zone)

    def __call__(self, name: str, **given: object) -> str:
        """Give the words of the page with what they are about."""
        return self._words("runs", name).format(**given)
