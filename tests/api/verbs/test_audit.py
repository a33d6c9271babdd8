"""The audit log for people: newest first, by who and what, for admins of every shop; its check is for everybody."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from agent.assembly import App
from api.verbs import audit
from api.verbs.acting import Acting
from memory.domain.errors import NotPermitted
from memory.domain.principal import Grant, Principal, Role
from tests.api.conftest import SHOP
from tests.factories.shop import a_shop

N = 12


def of(app: App, role: Role, *shops: str) -> Acting:
    grants = tuple(Grant(shop_id=shop, role=role) for shop in shops or (SHOP,))
    return Acting(app=app, principal=Principal(id="ada", name="ada", grants=grants), shop_id=SHOP)


@pytest.fixture
def logged(installation: App) -> App:
    with installation.store.unit_of_work() as uow:
        for n in range(N):
            at = installation.clock.now() + timedelta(minutes=n)
            action = ("plan.draft", "plan_x", "approval.decide")[n % 3]
            uow.audit.append("ann" if n % 2 else "bob", action, f"plan:{n}", at, {"n": n})
    return installation


def test_entries_come_newest_first_page_by_page_and_by_who_and_what(logged: App) -> None:
    ada = of(logged, "admin")
    first = audit.latest(ada, limit=5)
    assert [one.seq for one in first] == [12, 11, 10, 9, 8]
    assert [one.seq for one in audit.latest(ada, first[-1].seq, 5)] == [7, 6, 5, 4, 3]
    assert {one.actor for one in audit.latest(ada, actor="ann")} == {"ann"}
    assert [one.seq for one in audit.latest(ada, action="plan.")] == [10, 7, 4, 1]
    assert [one.seq for one in audit.latest(ada, action="plan_")] == [11, 8, 5, 2]  # no wildcard
    assert audit.latest(ada, actor="nobody") == ()


def test_only_an_admin_of_every_shop_reads_it(logged: App) -> None:
    with pytest.raises(NotPermitted):
        audit.latest(of(logged, "marketer"))
    assert audit.may_list(of(logged, "admin")) and not audit.may_list(of(logged, "marketer"))
    with logged.store.unit_of_work() as uow:
        uow.shops.add(a_shop(shop_id="beta"))
    assert not audit.may_list(of(logged, "admin"))
    with pytest.raises(NotPermitted):
        audit.latest(of(logged, "admin"))
    assert len(audit.latest(of(logged, "admin", SHOP, "beta"))) == N


def test_anybody_may_have_it_checked_and_hears_where_it_is_broken(logged: App) -> None:
    vic = of(logged, "viewer")
    assert audit.verify(vic) == audit.Verification(holds=True, n_entries=N)
    with logged.store.unit_of_work() as uow:
        uow.session.connection().execute(text("UPDATE audit_entry SET actor = 'eve' WHERE seq = 7"))
    found = audit.verify(vic)
    assert (found.holds, found.broken_at) == (False, 7) and "edited" in found.why
