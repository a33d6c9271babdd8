"""A further shop of the workspace's installation, with a plan that is live and whose first messages wait."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from agent.assembly import App
from agent.tick import go_live, tick
from api.verbs import plans
from api.verbs.acting import Acting
from memory.domain.brief import Brief
from memory.domain.market import Shop
from memory.domain.principal import Role
from tests.api.conftest import GUARDRAILS, token_of
from tests.factories.doing import approved
from tests.factories.small_shop import small_shop
from tools.ingest import import_file


def new_shop(app: App, folder: Path, shop: Shop, people: Mapping[Role, str]) -> dict[str, str]:
    """Add the shop with its facts and guardrails and no plan; give a token per role."""
    at, shop_id, marketer = app.clock.now(), shop.shop_id, people["marketer"]
    with app.store.unit_of_work() as uow:
        uow.shops.add(shop)
        uow.guardrails.put(shop_id, GUARDRAILS, marketer, at)
        for channel in ("email", "sms", "push"):
            uow.consents.declare_no_suppressions(shop_id, channel, marketer, at)
    for kind, path in small_shop(folder, n=150).files:
        import_file(app.store, app.lake, shop_id, kind, path, clock=app.clock, key=app.key, principal_id=marketer)
    tokens: dict[str, str] = {
        role: token_of(app, name, role, shop_id=shop_id)["Authorization"].removeprefix("Bearer ")
        for role, name in people.items()
    }
    return tokens


def live_shop(
    app: App, folder: Path, shop: Shop, people: Mapping[Role, str], *, exploration_rate: float
) -> dict[str, str]:
    """Add the shop with its facts and a live plan of its marketer; give a token per role."""
    at, shop_id, marketer = app.clock.now(), shop.shop_id, people["marketer"]
    tokens = new_shop(app, folder, shop, people)
    with app.store.read() as uow:
        acting = Acting(app=app, principal=uow.principals.get(marketer), shop_id=shop_id)
    outcome, _ = plans.draft(acting, Brief())
    assert outcome.kind == "drafted"
    plan = outcome.stored.plan
    asked = approved(plan, at)
    named = {"id": f"a-{shop_id}", "decided_by": people.get("approver", "wes")}  # shops share one installation
    asked = asked.model_copy(update={"approval": asked.approval.model_copy(update=named)})
    with app.store.unit_of_work() as uow:
        uow.approvals.add(asked.approval)
        uow.plans.set_status(plan.id, "approved")
    go_live(app.store, app.lake, app.clock, app.key, asked, is_staged=False)
    tick(app.store, app.lake, app.clock, app.key, shop_id, at, seed=1, slot=timedelta(days=2),
         exploration_rate=exploration_rate)  # fmt: skip
    return tokens
