"""Plans as files: written and read as YAML or JSON, looked at before they are kept."""

from typing import Any

from pydantic import ValidationError

from memory.domain.base import Frozen
from memory.domain.errors import InvalidInput, NotReady
from memory.domain.mistakes import said
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan

from .acting import Acting
from .plans import Difference, SpokenLanguage, check, get, worded

MAX_CHARS = 2_000_000
MAX_DEPTH = 40
N_NAMED = 5
"""How many wrong fields an error names."""


class ImportTrial(Frozen):
    """What importing a file would do; nothing is kept."""

    plan_id: str
    """The plan's id: the hash of its content."""
    title: str
    """What it is called."""
    is_known: bool
    """Whether a plan of exactly this content is stored already."""
    reasons: tuple[Blocked, ...]
    """Guardrails that hold it back, or figures it states that are not so; none where it may be kept."""
    differences: tuple[Difference, ...]
    """What differs from the plan it is compared with; none where it is compared with none."""


def to_yaml(acting: Acting, plan_id: str) -> str:
    """Give a plan as YAML that `read_plan_file` reads back to the same id."""
    import yaml

    plan = get(acting, plan_id).plan
    return yaml.safe_dump(plan.model_dump(mode="json"), allow_unicode=True, sort_keys=False, width=120)


def read_plan_file(text: str) -> Plan:
    """Read a plan from YAML or JSON; raise `InvalidInput` that names line or fields."""
    from tools.segments.strict_yaml import read_yaml

    if len(text) > MAX_CHARS:
        raise _unusable(f"it is longer than {MAX_CHARS:,} characters")
    raw: Any = read_yaml(text, MAX_DEPTH)
    if not isinstance(raw, dict):
        raise _unusable("it holds no list of names and values")
    try:
        return Plan.model_validate(raw)
    except ValidationError as error:
        lines = [_line(each) for each in error.errors(include_url=False)]
        more = f"; and {len(lines) - N_NAMED} more" if len(lines) > N_NAMED else ""
        raise _unusable("; ".join(lines[:N_NAMED]) + more) from None


def try_import(acting: Acting, text: str, against: str = "", language: SpokenLanguage = "en") -> ImportTrial:
    """Read a file, hold the plan to every guardrail in force, and say how it differs from the plan `against`."""
    from agent.planning.differences import diff

    acting.require("plan")
    plan = _read(acting, text)
    with acting.app.store.read() as uow:
        is_known = plan.id in {one.plan.id for one in uow.plans.some(acting.shop_id, text=plan.id, n=1)[1]}
    differences = worded(diff(get(acting, against).plan, plan), language) if against else ()
    return ImportTrial(
        plan_id=plan.id, title=plan.title, is_known=is_known, reasons=_reasons(acting, plan), differences=differences
    )


def keep_import(acting: Acting, text: str) -> str:
    """Store a file's plan as a draft and give its id; whoever imports it has touched it.

    Raise `NotReady` with every reason where a guardrail holds it back.
    """
    acting.require("plan")
    plan = _read(acting, text)
    if reasons := _reasons(acting, plan):
        why = " ".join(one.message for one in reasons)
        raise NotReady(what="the plan", why=why, remedy="Correct the file, or draft the plan again")
    with acting.write("plan.import", f"plan:{plan.id}", data_version=plan.data_version) as uow:
        uow.plans.put(plan, acting.principal.id, (), acting.app.clock.now())
    return plan.id


def _reasons(acting: Acting, plan: Plan) -> tuple[Blocked, ...]:
    """Give why a file's plan may not be kept: guardrails, and figures it states that are not what they come to."""
    from agent.planning.stated import misstated

    broken = check(acting, plan)
    return broken or misstated(plan, acting.app.contexts.gather(acting.shop_id, plan.brief))


def _read(acting: Acting, text: str) -> Plan:
    plan = read_plan_file(text)
    if plan.shop_id != acting.shop_id:
        raise InvalidInput(
            what="shop_id",
            why=f"the plan is for {plan.shop_id!r}",
            remedy=f"Import it there, not in {acting.shop_id!r}",
        )
    return plan


def _line(error: Any) -> str:
    place = ".".join(str(part) for part in error["loc"]) or "the plan"
    return f"{place}: {said(error)}"


def _unusable(why: str) -> InvalidInput:
    return InvalidInput(what="the plan file", why=why, remedy="Export a plan to see how one is written")
