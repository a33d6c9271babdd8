"""The demo shop beside the real ones."""

import pytest

from agent.assembly import App
from api.verbs import demo_shop, imports
from api.verbs.acting import Acting
from memory.domain.errors import Conflict, NotPermitted
from tests.api.verbs.acting import as_


def test_it_is_imported_like_any_other_and_says_that_it_is_synthetic(installation: App) -> None:
    olga = as_(installation, "olga", "admin")
    heard: list[tuple[str, int, int]] = []
    with pytest.raises(NotPermitted):
        demo_shop.add(as_(installation, "mia", "marketer"))
    assert not demo_shop.exists(olga)
    made = demo_shop.add(olga, lambda *told: heard.append(told), n_customers=150)
    assert "synthetic" in made.shop.name
    assert demo_shop.exists(olga)
    assert [done for _, done, _ in heard] == sorted(done for _, done, _ in heard)
    assert heard[-1][1] == heard[-1][2]
    with installation.store.read() as uow:
        inside = Acting(app=installation, principal=uow.principals.get("olga"), shop_id=made.shop.shop_id)
    assert inside.principal.may("admin", made.shop.shop_id)
    assert sum(one.n_rows for one in imports.done(inside)) == made.n_rows
    assert {one.element: one.status for one in imports.readiness(inside)}["cohorts"] == "works"
    assert imports.done(olga) == ()  # the real shop holds what it held
    with pytest.raises(Conflict):
        demo_shop.add(olga, n_customers=150)
