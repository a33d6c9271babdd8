"""A marketer at work in the stocked shop with one drafted plan."""

from agent.assembly import App
from api.verbs import plans
from api.verbs.acting import Acting
from memory.domain.brief import Brief
from memory.domain.plan import Plan
from memory.domain.principal import Grant, Principal, Role
from tests.api.conftest import STOCKED


def acting_as(app: App, name: str, role: Role) -> Acting:
    who = Principal(id=name, name=name, grants=(Grant(shop_id=STOCKED, role=role),))
    return Acting(app=app, principal=who, shop_id=STOCKED)


def a_draft(app: App, brief: Brief | None = None) -> tuple[Acting, Plan]:
    mia = acting_as(app, "mia", "marketer")
    outcome, _ = plans.draft(mia, brief or Brief())
    assert outcome.kind == "drafted"
    return mia, outcome.stored.plan
