"""An installation to look at: a synthetic shop halfway through its plan, a further plan that waits, people per role."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from agent.approval import approved_plan
from agent.assembly import App
from agent.planning.context import gather
from agent.tick import go_live
from api.verbs import approvals, plans
from api.verbs.acting import Acting
from eval.gym.before import brief_of, draft_and_approve, import_everything, set_guardrails
from eval.gym.installation import fresh_home, install
from eval.gym.live import run_days
from eval.gym.shop import SEED
from eval.gym.show import Show
from eval.gym.world import person_ids, synthetic_world
from memory.domain.principal import Role
from tests.api.conftest import token_of
from tests.api.ui.belonging import with_community
from tests.api.ui.full_shop import FullShop
from tests.api.ui.loyal import with_loyalty

STRIDE = 15
PEOPLE: dict[Role, str] = {"admin": "ada", "marketer": "mara", "approver": "alex", "viewer": "vera", "support": "sam",
                           "evaluator": "ella"}  # fmt: skip


class LivedIn(NamedTuple):
    """What was made."""

    app: App
    """The installation; its clock stands where the lived days end."""
    shop: FullShop
    """A token per role, and one thing of each kind."""


def lived_in(home: Path, *, n_people: int, n_days: int) -> LivedIn:
    """Build the installation in `home`, an empty folder or an earlier one of its kind."""
    from rich.console import Console

    fresh_home(home)
    show = Show(Console(quiet=True))
    world = synthetic_world(home / "files", n_customers=n_people, seed=SEED)
    of = install(home, world.shop, world.opens_at(), SEED)
    app, shop_id = of.app, world.shop.shop_id
    import_everything(of, world, show)
    with app.store.unit_of_work() as uow:
        for channel in ("email", "sms", "push"):
            uow.consents.declare_no_suppressions(shop_id, channel, of.marketer.id, of.clock.now())
    set_guardrails(of, world)
    context = gather(app.store, app.lake, shop_id, brief_of(world), as_of=of.clock.now())
    plan = draft_and_approve(of, world, context, show)
    go_live(app.store, app.lake, of.clock, app.key, approved_plan(app.store, of.clock, plan.id))
    with app.store.read() as uow:
        people = person_ids(world, app.key, uow.identities.snapshot())
    run_days(of, world, plan, people, stride=STRIDE, n_days=n_days)
    of.clock.set(datetime.combine(of.clock.now().astimezone(UTC).date(), datetime.min.time(), UTC) + timedelta(hours=9))
    with_loyalty(app, shop_id, of.marketer.id)
    with_community(app, shop_id, of.marketer.id)
    tokens: dict[str, str] = {
        role: token_of(app, PEOPLE[role], role, shop_id=shop_id)["Authorization"].removeprefix("Bearer ")
        for role in PEOPLE
    }
    with app.store.read() as uow:
        acting = Acting(app=app, principal=uow.principals.get(PEOPLE["marketer"]), shop_id=shop_id)
        person_id = uow.identities.person_of(uow.contacts.with_address(shop_id, "email")[0])
    outcome, session_id = plans.draft(acting, brief_of(world).model_copy(update={"excluded_kinds": ("care_guide",)}))
    assert outcome.kind == "drafted"
    request = approvals.request(acting, outcome.stored.plan.id)
    ids = {"plan_id": plan.id, "approval_id": request.id, "person_id": person_id, "session_id": session_id}
    return LivedIn(app, FullShop(tokens, ids))
