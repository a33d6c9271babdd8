"""Pre-approved periods over HTTP and on their page: an approver grants, others read, nobody else revokes."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from agent.assembly import App, assemble
from agent.settings import load_settings
from api.http.app import create_api
from api.ui.approvals.periods_view import render_digest, render_periods
from api.ui.shell.words import words
from memory.domain.clock import ManualClock
from memory.domain.pre_approval import DigestDeed, DigestLine, PeriodDigest, PreApproval
from tests.factories.approvals import PLAN_ID
from tests.factories.around_approvals import a_request

pytestmark = pytest.mark.slow
WISH = {
    "plan_id": PLAN_ID, "name": "Golden <Week>", "from_on": "2027-04-29", "until_on": "2027-05-05", "deputy": "dan",
    "limits": {"max_reach": 100, "max_cost": {"amount_minor": 5_000, "currency": "EUR"}},
}  # fmt: skip


def headers(app: App, who: str) -> dict[str, str]:
    with app.store.unit_of_work() as uow:
        token = uow.principals.create_token(who, app.clock.now() + timedelta(days=30), at=app.clock.now())
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def people(home: Path, clock: ManualClock) -> Iterator[tuple[TestClient, App]]:
    """An installation whose one shop has a plan, a request for it, its approvers and others."""
    app = assemble(load_settings(home=home), clock)
    a_request(app.store, clock)
    with TestClient(create_api(app), raise_server_exceptions=False) as client:
        yield client, app
    app.close()


def test_a_period_is_granted_listed_read_and_revoked(people: tuple[TestClient, App]) -> None:
    client, app = people
    ava, dan, mia = (headers(app, who) for who in ("ava", "dan", "mia"))
    for who in (dan, mia):
        assert client.post("/api/periods", json=WISH, headers=who).status_code == 403
    made = client.post("/api/periods", json=WISH, headers=ava).json()
    assert (made["granted_by"], made["starts_at"], made["ends_at"]) == (
        "ava", "2027-04-28T22:00:00Z", "2027-05-05T22:00:00Z",
    )  # fmt: skip
    assert [one["id"] for one in client.get("/api/periods", headers=dan).json()] == [made["id"]]
    digest = client.get(f"/api/periods/{made['id']}/digest", headers=dan).json()
    assert (digest["n_reached"], digest["lines"]) == (0, [])
    assert client.post(f"/api/periods/{made['id']}/revoke", headers=mia).status_code == 403
    assert client.post(f"/api/periods/{made['id']}/revoke", headers=ava).json()["revoked_by"] == "ava"
    assert client.get("/api/periods/0123456789abcdef/digest", headers=dan).status_code == 404


def test_limits_wider_than_the_guardrails_are_refused_in_words(people: tuple[TestClient, App]) -> None:
    client, app = people
    ava = headers(app, "ava")
    wide = {"max_reach": 100, "max_cost": {"amount_minor": 9_000_000, "currency": "EUR"}}
    refused = client.post("/api/periods", json={**WISH, "limits": wide}, headers=ava)
    assert refused.status_code == 422 and "never widens a limit" in refused.text
    wrong = client.post("/api/periods", json={**WISH, "deputy": "Dan Brown"}, headers=ava)
    assert wrong.status_code == 422 and "somebody's id" in wrong.text and "[a-z" not in wrong.text


def test_the_page_shows_periods_and_digests_in_both_languages(people: tuple[TestClient, App]) -> None:
    client, app = people
    ava = headers(app, "ava")
    made = client.post("/api/periods", json=WISH, headers=ava).json()
    digest = PeriodDigest.model_validate(client.get(f"/api/periods/{made['id']}/digest", headers=ava).json())
    line = DigestLine(step_id="vip.thank_you", channel="email", state="suppressed", reason="no_consent", n=7)
    deed = DigestDeed(at=made["granted_at"], by="dan", action="approval.approve", in_place_of="ava")
    full = digest.model_copy(update={"lines": (line,), "deeds": (deed,), "n_reached": 12})
    for language, said in (("en", ("Messages stopped", "In place of", "no consent")), ("zh", ("已停止消息", "代替"))):
        html = render_digest(full, words(language), "Europe/Berlin")
        assert all(part in html for part in (*said, "vip.thank_you", "12", "&lt;Week&gt;")) and "<Week>" not in html
        listed = render_periods((PreApproval.model_validate(made),), words(language), "Europe/Berlin")
        assert f"view=periods&amp;period={made['id']}" in listed and "&lt;Week&gt;" in listed
        assert "period grant" in render_periods((), words(language), "Europe/Berlin")
