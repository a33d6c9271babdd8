"""The demo shop: a small synthetic shop beside the real ones, imported by the same verbs as any other."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from agent.guardrails.setting import starting_guardrails
from memory.domain.base import Count, Frozen
from memory.domain.errors import Conflict
from memory.domain.market import Shop
from memory.domain.principal import Grant
from memory.store.unit_of_work import UnitOfWork

from .acting import Acting
from .imports import import_path

N_CUSTOMERS = 2_000
"""Enough for four cohorts with a control group, and seconds to import."""
Tell = Callable[[str, int, int], None]
"""Takes the file that is being imported, how many are done and how many there are."""


class DemoShop(Frozen):
    """What was made."""

    shop: Shop
    """The shop; its name says that it is synthetic."""
    n_customers: Count
    """Invented people."""
    n_rows: Count
    """Rows imported."""


def exists(acting: Acting) -> bool:
    """Say whether the installation has a demo shop already: somebody has a role in it."""
    from eval.gym.shop import demo_shop

    with acting.app.store.read() as uow:
        return _is_owned(uow, demo_shop().shop_id)


def add(acting: Acting, tell: Tell | None = None, n_customers: int = N_CUSTOMERS) -> DemoShop:
    """Make the synthetic shop; whoever makes it becomes its admin. Raise `Conflict` where there is one.

    The role is given last, because it ends the maker's browser sessions; a half-made shop, which nobody has a role in,
    is gone on with.
    """
    from eval.gym.shop import build_shop, demo_shop

    acting.require("admin")
    app, shop = acting.app, demo_shop()
    with tempfile.TemporaryDirectory(prefix="second-order-demo-") as folder:
        _tell(tell, "", 0, 1)
        files = build_shop(Path(folder), n_customers=n_customers).files
        with app.store.unit_of_work() as uow:
            if _is_owned(uow, shop.shop_id):
                raise Conflict(what=f"shop {shop.shop_id}", why="there is a demo shop already")
            uow.shops.put(shop)
            limits = starting_guardrails(shop.currency)
            uow.guardrails.put(shop.shop_id, limits, acting.principal.id, app.clock.now(), "starting values")
        admin = Grant(shop_id=shop.shop_id, role="admin")
        inside, n_rows = _inside(acting, admin), 0
        for place, (kind, path) in enumerate(files):
            _tell(tell, path.name, place, len(files))
            n_rows += import_path(inside, kind, path).n_rows
        with inside.write("shop.create", f"shop:{shop.shop_id}", currency=shop.currency, demo=True) as uow:
            uow.principals.grant(acting.principal.id, admin, acting.principal.id, app.clock.now())
        _tell(tell, "", len(files), len(files))
    return DemoShop(shop=shop, n_customers=n_customers, n_rows=n_rows)


def _inside(acting: Acting, admin: Grant) -> Acting:
    who = acting.principal
    inside = who.model_copy(update={"grants": (*who.grants, admin)})
    return Acting(app=acting.app, principal=inside, shop_id=admin.shop_id)


def _is_owned(uow: UnitOfWork, shop_id: str) -> bool:
    return any(grant.shop_id == shop_id for one in uow.principals.all() for grant in one.grants)


def _tell(tell: Tell | None, file_name: str, n_done: int, n_files: int) -> None:
    if tell is not None:
        tell(file_name, n_done, n_files)
