from datetime import UTC, datetime, timedelta

import pytest

from agent.assembly import App
from agent.consents.proof import consent_proof, proof_page
from agent.rights import find_person
from memory.domain.consent import ConsentEvent
from tests.factories.imports import Intaker
from tests.factories.shop import a_shop
from tests.factories.traces import EMAIL, import_all

pytestmark = pytest.mark.slow

SHOP = a_shop().shop_id
STATED_AT = datetime(2025, 12, 1, 10, tzinfo=UTC)
WORDING = "Yes, send me <news>"


def person(app: App) -> str:
    with app.store.read() as uow:
        return find_person(uow, app.key, SHOP, EMAIL)


def standing(app: App, at: datetime) -> str:
    return next(one.standing for one in consent_proof(app, SHOP, person(app), at).channels if one.channel == "email")


def test_a_proof_speaks_of_its_instant_and_of_nothing_later(app: App, intaker: Intaker) -> None:
    """Imported facts count from the instant they were read: before that nobody here could have known them."""
    import_all(intaker)
    now = app.clock.now()
    granted = ConsentEvent(
        channel="email", status="granted", at=now + timedelta(days=1), method="double_opt_in", source="page",
        wording_id="preferences@1", wording=WORDING, valid_until=now + timedelta(days=3),
    )  # fmt: skip
    with app.store.unit_of_work() as uow:
        uow.consents.grant(SHOP, person(app), granted)
        uow.consents.revoke(SHOP, person(app), "email", now + timedelta(days=5), "one_click", "link")
    found = [standing(app, now + timedelta(days=days)) for days in (-1, 0, 2, 4, 6)]
    assert found == ["none", "granted", "granted", "lapsed", "revoked"]
    proof = consent_proof(app, SHOP, person(app), now + timedelta(days=2))
    email = proof.channels[0]
    assert email.is_double
    assert email.rests_on is not None
    assert email.rests_on.wording == WORDING
    assert len(email.rests_on.wording_hash) == 64
    assert proof.addresses["email"] == EMAIL
    assert proof.policy.as_of.year == 2026
    assert [one.source for one in proof.statements if one.method == "form"] == ["import consent"]


def test_a_permission_without_a_time_is_called_unproven(app: App, intaker: Intaker) -> None:
    import_all(intaker)
    with app.store.read() as uow:
        ann = find_person(uow, app.key, SHOP, "ann@example.com")
    channels = {one.channel: one.standing for one in consent_proof(app, SHOP, ann, app.clock.now()).channels}
    assert channels["email"] == "unproven"


def test_the_page_needs_nothing_else_and_escapes_what_people_wrote(app: App, intaker: Intaker) -> None:
    import_all(intaker)
    now = app.clock.now()
    event = ConsentEvent(channel="email", status="granted", at=now, method="form", source="x", wording=WORDING)
    with app.store.unit_of_work() as uow:
        uow.consents.grant(SHOP, person(app), event)
    proof = consent_proof(app, SHOP, person(app), now)
    page = proof_page(proof)
    assert "&lt;news&gt;" in page
    assert "http" not in page.replace("https://", "http://") or "src=" not in page
    assert proof.digest in page
    assert consent_proof(app, SHOP, person(app), now).digest == proof.digest
    assert "not legal advice" in page
