"""People and roles: admins only, and four eyes stay four."""

import pytest

from agent.assembly import App
from api.verbs import principals
from memory.domain.errors import InvalidInput, NotPermitted, SecondOrderError
from tests.api.verbs.acting import as_
from tests.factories.shop import a_shop

PASSWORD = "correct horse battery"


def test_an_admin_adds_somebody_gives_a_role_and_takes_it(installation: App) -> None:
    olga = as_(installation, "olga", "admin")
    added = principals.add(olga, " ben ", "Ben", "viewer")
    assert (added.id, [one.role for one in added.grants]) == ("ben", ["viewer"])
    assert [one.role for one in principals.grant(olga, "ben", "marketer").grants] == ["marketer", "viewer"]
    principals.choose_password(olga, "ben", PASSWORD)
    assert {one.principal.id: one.has_password for one in principals.every(olga)} == {"ben": True, "olga": False}
    assert [one.role for one in principals.revoke(olga, "ben", "viewer").grants] == ["marketer"]
    assert principals.end(olga, "ben").grants == ()
    assert [one.principal.id for one in principals.every(olga)] == ["olga"]


@pytest.mark.parametrize(("principal_id", "role"), [("Ben Smith", "viewer"), ("ben", "king"), ("olga", "viewer")])
def test_a_wrong_name_or_role_adds_nobody(installation: App, principal_id: str, role: str) -> None:
    olga = as_(installation, "olga", "admin")
    with pytest.raises(InvalidInput):
        principals.add(olga, principal_id, "", role)
    assert [one.principal.id for one in principals.every(olga)] == ["olga"]


def test_roles_in_other_shops_are_not_shown(installation: App) -> None:
    with installation.store.unit_of_work() as uow:
        uow.shops.add(a_shop(shop_id="beta"))
    as_(installation, "eve", "admin", shop_id="beta")
    olga = as_(installation, "olga", "admin")
    assert principals.grant(olga, "eve", "viewer").grants[0].shop_id == "alpha"
    assert [one.shop_id for row in principals.every(olga) for one in row.principal.grants] == ["alpha", "alpha"]


def test_nobody_else_changes_roles_and_no_admin_has_four_eyes(installation: App) -> None:
    olga, mia = as_(installation, "olga", "admin"), as_(installation, "mia", "marketer")
    as_(installation, "ari", "approver")
    for act in (
        lambda: principals.every(mia),
        lambda: principals.add(mia, "ben", "", "viewer"),
        lambda: principals.grant(mia, "mia", "admin"),
        lambda: principals.revoke(mia, "olga", "admin"),
        lambda: principals.end(mia, "olga"),
        lambda: principals.choose_password(mia, "olga", PASSWORD),
        lambda: principals.choose_password(olga, "ari", PASSWORD),
    ):
        with pytest.raises(NotPermitted):
            act()
    with pytest.raises(SecondOrderError):
        principals.grant(olga, "olga", "approver")
