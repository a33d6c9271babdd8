"""A shop of the workspace's installation in which every page has something to show, and a person per role."""

from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from agent.assembly import App
from agent.dispatch import dispatch
from api.verbs import approvals, plans
from api.verbs.acting import Acting
from memory.domain.brief import Brief
from memory.domain.clock import ManualClock
from memory.domain.market import Shop
from memory.domain.principal import Role
from tests.api.ui.belonging import with_community
from tests.api.ui.living import live_shop
from tests.api.ui.loyal import with_loyalty
from tools.channels.memory import MemorySender

ROLES: tuple[Role, ...] = ("admin", "marketer", "approver", "viewer", "support", "evaluator")
FIRST_NOON = timedelta(days=1, hours=6)
"""From the morning of day 0 to an hour at which the first mails may leave."""


class FullShop(NamedTuple):
    """What was made."""

    tokens: dict[str, str]
    """A token per role."""
    ids: dict[str, str]
    """One thing of each kind, by the name of the hole it fills in an address."""


def full_shop(app: App, folder: Path, shop: Shop) -> FullShop:
    """Add the shop with a live plan, sends, a session, a waiting request, members, a community and a thank-you page."""
    people = {role: f"{shop.shop_id}-{role}" for role in ROLES}
    tokens = live_shop(app, folder, shop, people, exploration_rate=0.3)
    with_loyalty(app, shop.shop_id, people["marketer"])
    with_community(app, shop.shop_id, people["marketer"])
    noon = ManualClock(app.clock.now() + FIRST_NOON)
    dispatch(app.store, {"email": MemorySender(noon)}, noon, app.key, shop.shop_id, limit=40, lake=app.lake)
    with app.store.read() as uow:
        marketer = uow.principals.get(people["marketer"])
        person_id = uow.identities.person_of(uow.contacts.with_address(shop.shop_id, "email")[0])
    acting = Acting(app=app, principal=marketer, shop_id=shop.shop_id)
    [live] = plans.list_plans(acting, "live")
    outcome, session_id = plans.draft(acting, Brief(excluded_kinds=("care_guide",)))
    assert outcome.kind == "drafted"
    request = approvals.request(acting, outcome.stored.plan.id)
    ids = {"plan_id": live.plan_id, "approval_id": request.id, "person_id": person_id, "session_id": session_id}
    return FullShop(tokens, ids)
