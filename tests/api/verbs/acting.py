"""Somebody at work in the test shop."""

from agent.assembly import App
from api.verbs.acting import Acting
from memory.domain.principal import Grant, Principal, Role
from tests.api.conftest import SHOP


def as_(app: App, principal_id: str, *roles: Role, shop_id: str = SHOP) -> Acting:
    """Make a principal with roles in the shop and let them act there."""
    made = Principal(
        id=principal_id, name=principal_id.title(), grants=tuple(Grant(shop_id=shop_id, role=role) for role in roles)
    )
    with app.store.unit_of_work() as uow:
        uow.principals.add(made, app.clock.now())
    return Acting(app=app, principal=made, shop_id=shop_id)
