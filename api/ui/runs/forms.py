"""The forms beside what runs: a new schedule, a new grant of autonomy. Whoever may not use one does not see it."""

from collections.abc import Awaitable, Callable
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any, cast, get_args
from zoneinfo import ZoneInfo

from api.ui.shell.parts import do
from api.ui.shell.visitor import Visitor
from api.verbs import autonomy, schedules
from api.verbs.acting import Acting
from memory.domain.autonomy import AutonomyAction, AutonomyGrant, AutonomyLevel
from memory.domain.errors import InvalidInput
from memory.domain.run import Every, RunKind, Schedule

USUAL_DAYS = 30
"""Days after which a grant ends unless another day is chosen."""
After = Callable[[], Awaitable[None]]


def schedule_form(visitor: Visitor, after: After) -> None:
    """Make the form of a new schedule for whoever may plan or dispatch; `after` looks again at what there is."""
    from nicegui import ui

    acting, words = visitor.acting(), visitor.words
    needed: dict[RunKind, str] = {"tick": "dispatch", "plan": "plan"}
    kinds = [one for one, permission in needed.items() if acting.principal.may(cast(Any, permission), acting.shop_id)]
    if not kinds or acting.principal.kind != "human":
        return
    with _folded(words("runs", "add_schedule")):
        with ui.element("div").classes("so-fields"):
            kind = _select(words("runs", "what"), {one: words("runs", "kinds", one) for one in kinds})
            every = _select(words("runs", "how_often"), {one: words("runs", "every", one) for one in get_args(Every)})
            at = ui.input(words("runs", "at_local"), value="06:00").props("outlined dense type=time stack-label")
            names = words.some("runs", "weekdays")
            weekday = _select(words("runs", "weekday"), dict(enumerate(names)))
            day = ui.number(words("runs", "day_of_month"), value=1, min=1, max=31, precision=0).props("outlined dense")
            month = ui.number(words("runs", "month"), value=1, min=1, max=12, precision=0).props("outlined dense")
            planner = _select(
                words("runs", "planner"), {one: words("runs", "planners", one) for one in ("playbook", "llm")}
            )
        every.set_value("week")
        shown = {"day": (at,), "hour": (at,), "week": (at, weekday), "month": (at, day), "year": (at, day, month)}

        def show() -> None:
            for field in (at, weekday, day, month):
                field.set_visibility(field in shown.get(str(every.value), ()))
            planner.set_visibility(kind.value == "plan")

        every.on_value_change(show)
        kind.on_value_change(show)
        show()

        async def add() -> None:
            given = {
                "kind": kind.value, "every": every.value, "local_minute": partial(_minute, str(at.value or "")),
                "weekday": weekday.value, "day": day.value, "month": month.value, "planner": planner.value,
            }  # fmt: skip
            if await do(
                visitor, partial(_add, **given), words("runs", "did").format(what=words("runs", "add_schedule"))
            ):
                await after()

        ui.button(words("runs", "add_schedule"), on_click=add).props("unelevated no-caps color=primary")


def grant_form(visitor: Visitor, after: After) -> None:
    """Make the form of a new grant for approvers; a level between needs its three thresholds."""
    from nicegui import ui

    acting, words = visitor.acting(), visitor.words
    if not acting.principal.may("approve", acting.shop_id):
        return
    shop = acting.shop()
    today = acting.app.clock.now().astimezone(ZoneInfo(shop.zone)).date()
    with _folded(words("runs", "grant")):
        ui.html(f"<p class='so-soft'>{words('runs', 'grant_about')}</p>", sanitize=False)
        with ui.element("div").classes("so-fields"):
            action = _select(
                words("runs", "action"), {one: words("runs", "actions", one) for one in get_args(AutonomyAction)}
            )
            level = _select(
                words("runs", "level_of"),
                {one: f"{one}: {words('runs', 'levels', str(one))}" for one in get_args(AutonomyLevel)},
            )
            until = ui.input(words("runs", "until"), value=f"{today + timedelta(days=USUAL_DAYS)}")
            until.props("outlined dense type=date stack-label")
            reach = ui.number(words("runs", "max_reach"), min=0, precision=0).props("outlined dense")
            cost = ui.input(words("runs", "max_cost").format(currency=shop.currency)).props(
                "outlined dense maxlength=30"
            )
            loss = ui.input(words("runs", "max_loss").format(currency=shop.currency)).props(
                "outlined dense maxlength=30"
            )
            note = ui.input(words("runs", "note")).props("outlined dense maxlength=500")
        level.set_value(1)

        def show() -> None:
            for field in (reach, cost, loss):
                field.set_visibility(level.value == 2)

        level.on_value_change(show)
        show()

        async def give() -> None:
            between = level.value == 2
            act = partial(
                _grant, action=action.value, level=level.value, until=str(until.value or ""),
                most=(reach.value, cost.value, loss.value) if between else (None, "", ""), note=note.value or "",
            )  # fmt: skip
            if await do(visitor, act, words("runs", "did").format(what=words("runs", "grant"))):
                await after()

        ui.button(words("runs", "grant"), on_click=give).props("unelevated no-caps color=primary")


def _add(acting: Acting, **given: Any) -> Schedule:
    minute = given.pop("local_minute")
    numbers = {name: int(given.pop(name) or 0) for name in ("weekday", "day", "month")}
    return schedules.add(acting, **given, **numbers, local_minute=minute())


def _grant(acting: Acting, *, action: Any, level: Any, until: str, most: Any, note: str) -> AutonomyGrant:
    reach, cost, loss = most
    currency, zone = acting.shop().currency, ZoneInfo(acting.shop().zone)
    sums = [f"{text} {currency}" if text and currency not in text else text or "" for text in (cost, loss)]
    try:
        ends = datetime.combine(datetime.strptime(until, "%Y-%m-%d").date(), time(23, 59), tzinfo=zone)  # noqa: DTZ007
    except ValueError:
        raise InvalidInput(what="the last day", why="it is no day", remedy="Choose one within a year") from None
    thresholds = autonomy.thresholds_from(None if reach is None else int(reach), sums[0], sums[1])
    return autonomy.grant(acting, action, level, ends, thresholds, note)


def _minute(text: str) -> int:
    hours, _, minutes = text.partition(":")
    if not (hours.isdigit() and minutes[:2].isdigit()):
        raise InvalidInput(what="the time", why="it is none", remedy="Write it as 06:00")
    return 60 * int(hours) + int(minutes[:2])


def _select(label: str, options: dict[Any, str]) -> Any:
    from nicegui import ui

    return ui.select(options, value=next(iter(options)), label=label).props("outlined dense options-dense")


def _folded(title: str) -> Any:
    """Make a form that is folded until somebody wants it."""
    from nicegui import ui

    form = ui.element("details").classes("so-more so-folded")
    with form, ui.element("summary"):
        ui.label(title)
    return form
