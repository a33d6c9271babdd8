"""People's rights over HTTP: who may, what is refused, and that it works."""

import pytest
from fastapi.testclient import TestClient

from agent.assembly import App
from memory.domain.clock import ManualClock
from tests.api.conftest import SHOP, token_of
from tests.factories.imports import Intaker
from tests.factories.shop import a_shop
from tests.factories.traces import EMAIL, import_all

pytestmark = pytest.mark.slow


def stocked(app: App, clock: ManualClock) -> None:
    folder = app.settings.home.parent / "files"
    folder.mkdir()
    import_all(Intaker(app.store, app.lake, a_shop(), clock, app.key, folder))


def test_only_who_may_contact_people_may_see_or_erase_them(
    client: TestClient, installation: App, clock: ManualClock
) -> None:
    stocked(installation, clock)
    may, not_ = token_of(installation, "sue", "support"), token_of(installation, "mia", "marketer")
    for path in ("export", "consent-proof", "consent-proof.html"):
        assert client.get(f"/api/rights/{EMAIL}/{path}").status_code == 401
        assert client.get(f"/api/rights/{EMAIL}/{path}", headers=not_).status_code == 403
        assert client.get(f"/api/rights/nobody@example.com/{path}", headers=may).status_code == 404
        assert client.get(f"/api/rights/{EMAIL}/{path}", headers=may).status_code == 200
    erase = f"/api/rights/{EMAIL}/erase"
    assert client.post(erase, json={"reason": "asked"}, headers=not_).status_code == 403
    assert client.post(erase, json={"reason": ""}, headers=may).status_code == 422
    erased = client.post(erase, json={"reason": "asked"}, headers=may)
    assert erased.status_code == 200
    assert erased.json()["shops"] == [SHOP]
    gone = client.get(f"/api/rights/{EMAIL}/export", headers=may).json()
    assert (gone["contact"], gone["facts"], gone["consents"]) == ([], {}, [])
    with installation.store.read() as uow:
        actions = [entry.action for entry in uow.audit.entries()]
        assert EMAIL not in str(uow.audit.entries())
    assert actions.count("person.erase") == 1
    assert {"person.export", "consent.proof"} <= set(actions)


def test_erasing_needs_the_permission_in_every_shop_that_holds_the_person(
    client: TestClient, installation: App, clock: ManualClock
) -> None:
    stocked(installation, clock)
    other = a_shop(shop_id="elsewhere")
    with installation.store.unit_of_work() as uow:
        uow.shops.add(other)
    folder = installation.settings.home.parent / "more"
    folder.mkdir()
    import_all(Intaker(installation.store, installation.lake, other, clock, installation.key, folder))
    headers = token_of(installation, "sue", "support")
    answer = client.post(f"/api/rights/{EMAIL}/erase", json={"reason": "asked"}, headers=headers)
    assert answer.status_code == 403
    assert "elsewhere" in answer.json()["message"]
