import re

import pytest
from fastapi.testclient import TestClient

from agent.assembly import App
from memory.domain.consent import ConsentEvent
from tests.api.conftest import SHOP
from tests.factories.person_state import person_state
from tools.links.unsubscribe import token

PERSON = "p0123456789abcdef01234567"


@pytest.fixture
def link(installation: App) -> str:
    with installation.store.unit_of_work() as uow:
        uow.person_state.upsert(SHOP, person_state(PERSON, language="de", market="DE"))
        granted = ConsentEvent(
            channel="email", status="granted", at=installation.clock.now(), method="form", source="test"
        )
        uow.consents.add_events(SHOP, [(PERSON, granted)])
    return "/u/" + token(installation.key, SHOP, PERSON, "email")


def _consent(app: App) -> tuple[bool, bool]:
    with app.store.read() as uow:
        row = uow.person_state.get(SHOP, [PERSON]).to_pylist()[0]
    return row["consent_email"], row["is_suppressed_email"]


def test_d7_looking_shows_a_page_in_the_persons_language_and_changes_nothing(
    client: TestClient, installation: App, link: str
) -> None:
    for _ in range(3):
        answer = client.get(link)
        assert answer.status_code == 200
    assert '<html lang="de"' in answer.text
    assert "<form" in answer.text
    assert _consent(installation) == (True, False)


def test_s2_45_one_click_takes_effect_in_the_same_transaction(client: TestClient, installation: App, link: str) -> None:
    answer = client.post(link, data={"List-Unsubscribe": "One-Click"}, follow_redirects=False)
    assert answer.status_code == 200
    assert _consent(installation) == (False, True)


def test_d7_multipart_and_empty_bodies_count_and_again_is_as_good_as_once(
    client: TestClient, installation: App, link: str
) -> None:
    posts = [
        client.post(link, files={"List-Unsubscribe": (None, "One-Click")}),
        client.post(link),
        client.post(link, content=b"\x00\xff", headers={"Content-Type": "application/octet-stream"}),
    ]
    assert [post.status_code for post in posts] == [200, 200, 200]
    assert not any("set-cookie" in post.headers for post in posts)
    with installation.store.read() as uow:
        assert len(uow.consents.unexported(SHOP)) == 2
    assert _consent(installation) == (False, True)


@pytest.mark.parametrize("spoil", [lambda t: t[:-4], lambda t: "x" + t[1:], lambda t: t + "AAAA", lambda t: "%00"])
def test_d7_a_forged_or_cut_token_changes_nothing(
    client: TestClient, installation: App, link: str, spoil: object
) -> None:
    assert callable(spoil)
    bad = "/u/" + spoil(link.removeprefix("/u/"))
    assert client.post(bad).status_code == 404
    assert client.get(bad).status_code == 404
    assert _consent(installation) == (True, False)


def test_d7_another_shops_token_reaches_nobody_here(client: TestClient, installation: App, link: str) -> None:
    other = "/u/" + token(installation.key, "elsewhere", PERSON, "email")
    assert client.post(other).status_code == 404
    assert _consent(installation) == (True, False)


def test_d7_head_and_other_methods_change_nothing(client: TestClient, installation: App, link: str) -> None:
    for method in ("HEAD", "PUT", "DELETE", "OPTIONS"):
        assert client.request(method, link).status_code == 405
    assert _consent(installation) == (True, False)


def test_d7_the_page_may_not_be_framed_and_runs_no_script(client: TestClient, link: str) -> None:
    answer = client.get(link)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "<script" not in answer.text
    assert re.search(r"<h1>[^<]+</h1>", answer.text)
    assert PERSON not in answer.text
