"""Learning from a plan that is over: read its final lift once, keep what it taught, let planners recall it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from agent.reports.lift import lift_report
from agent.reports.lift_model import PlanLift
from agent.reports.ran import line_of, plan_that_ran
from memory.domain.base import Frozen
from memory.domain.clock import Clock
from memory.domain.errors import NotReady
from memory.domain.lesson import Lesson
from memory.domain.plan import Plan
from memory.lake.lake import Lake
from memory.recall.notes import Note, Recall
from memory.store.engine import Store
from memory.store.unit_of_work import UnitOfWork
from tools.outcomes.window import OutcomeWindow, outcome_window

from .lessons import Sent, lesson_of, readings_of, sent_by_step
from .words import lesson_source, lesson_words

SETTLED = timedelta(days=3)
"""How long after a window's end its last orders and refunds may still come in; then plans are read by themselves."""
MEASUREMENT = "measurement"
"""Who lets a lesson into recall: no person, a measurement."""


class Learned(Frozen):
    """What a plan taught."""

    plan_id: str
    """The plan."""
    lessons: tuple[Lesson, ...]
    """Its lessons; none where nothing could be read or believed."""
    unread: tuple[str, ...] = ()
    """Why a comparison taught nothing, in words."""


def learn(store: Store, lake: Lake, recall: Recall, clock: Clock, shop_id: str, plan_id: str) -> Learned:
    """Read a plan's final lift and keep its lessons in the store and in recall; the same facts give the same ones.

    Raise `NotReady` where the plan never went live or its window is still open.
    """
    now = clock.now()
    with store.read() as uow:
        plan, window, sent = _ran(uow, shop_id, plan_id)
        version = uow.versions.latest().number
        before = [lesson for lesson in uow.lessons.of(shop_id) if lesson.plan_id == plan_id]
    if window.ends_at > now:
        on = window.ends_at.date()
        raise NotReady(what=f"plan {plan_id[:12]}", why=f"its window runs until {on}", remedy=f"Learn after {on}")
    report = lift_report(store, lake, shop_id, plan_id, now)
    found = lessons_from(plan, report, sent, window, version)
    _remember(recall, before, found, shop_id, now)  # first, as it may be repeated; the row below says that all is done
    with store.unit_of_work() as uow:
        uow.lessons.put(shop_id, plan_id, found.lessons, version, now)
        detail = {"lessons": len(found.lessons), "data_version": version}
        uow.audit.append(MEASUREMENT, "plan.learn", f"plan:{plan_id}", now, detail)
    return found


def learn_due(store: Store, lake: Lake, recall: Recall, clock: Clock, shop_id: str) -> tuple[Learned, ...]:
    """Learn from every live plan whose window is over and settled, whose facts reach that far, and that nobody read."""
    now = clock.now()
    with store.read() as uow:
        known, newest = uow.lessons.read_plans(shop_id), uow.versions.latest()
        live = [(one.plan, uow.batches.live(one.plan.id)) for one in uow.plans.all(shop_id, "live")]
    ends = {plan.id: outcome_window(plan, run.live_at).ends_at for plan, run in live if run is not None}
    due = [plan_id for plan_id, at in ends.items() if at + SETTLED <= now and newest.created_at >= at]
    return tuple(learn(store, lake, recall, clock, shop_id, one) for one in sorted(due) if one not in known)


def lessons_from(plan: Plan, report: PlanLift, sent: Sent, window: OutcomeWindow, data_version: int) -> Learned:
    """Give what a final report teaches; nothing where its arms have the wrong sizes or the control group leaked."""
    doubt = _doubt(report)
    if doubt:
        return Learned(plan_id=plan.id, lessons=(), unread=(doubt,))
    lessons, unread = [], []
    for reading in readings_of(plan, report):
        lesson = lesson_of(plan, reading, sent, window, data_version)
        if lesson is not None:
            lessons.append(lesson)
        else:
            why = getattr(reading.orders, "message", "Nothing of it was sent.")
            unread.append(f"{reading.part_id or reading.scope}: {why}")
    return Learned(plan_id=plan.id, lessons=tuple(lessons), unread=tuple(unread))


def _doubt(report: PlanLift) -> str:
    if report.sample_ratio.is_suspicious:
        return "The arms do not have the sizes they were drawn with: find the cause before the lift is believed."
    if report.leaks.is_alarm:
        return "People of the control group were reached: find the cause before the lift is believed."
    return ""


def _ran(uow: UnitOfWork, shop_id: str, plan_id: str) -> tuple[Plan, OutcomeWindow, dict[str, int]]:
    plan, live = plan_that_ran(uow, shop_id, plan_id)
    rows = [row for each in line_of(uow, shop_id, plan_id) for row in uow.leavers.rows(shop_id, each)]
    return plan, outcome_window(plan, live.live_at), sent_by_step(rows)


def _remember(recall: Recall, before: Iterable[Lesson], found: Learned, shop_id: str, at: datetime) -> None:
    """Replace the plan's notes: what older facts said and newer ones do not is forgotten."""
    kept = {one.id for one in found.lessons}
    recall.forget(shop_id, sorted(one.id for one in before if one.id not in kept))
    recall.remember(
        [
            Note(
                id=one.id, shop_id=shop_id, kind="lesson", text=lesson_words(one), source=lesson_source(one),
                approved_by=MEASUREMENT, at=at,
            )
            for one in found.lessons
        ]
    )  # fmt: skip
