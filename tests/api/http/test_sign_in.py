from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from agent.assembly import App, assemble
from agent.settings import load_settings
from agent.sign_in.passwords import set_password
from api.http import sign_in as module
from api.http.app import create_api
from api.http.limits import FAILURES_PER_ACCOUNT, FAILURES_PER_ADDRESS
from memory.domain.clock import ManualClock
from memory.domain.principal import Grant, Principal
from tests.api.conftest import SHOP
from tests.factories.shop import a_shop
from tests.servers.oidc import ISSUER, OpenIdServer

pytestmark = pytest.mark.slow

PUBLIC = "https://shop.example"
OWN = {"Origin": PUBLIC}
GOOD = "correct horse battery"
COOKIE = "__Host-so_session"


@pytest.fixture
def app(home: Path, clock: ManualClock) -> Iterator[App]:
    settings = load_settings(
        home=home,
        public_url=PUBLIC,
        oidc_issuer=ISSUER,
        oidc_client_id="second-order",
        oidc_client_secret="a client secret",
    )
    app = assemble(settings, clock)
    with app.store.unit_of_work() as uow:
        uow.shops.add(a_shop())
        mia = Principal(id="mia", name="Mia", grants=(Grant(shop_id=SHOP, role="marketer"),))
        uow.principals.add(mia, clock.now())
        set_password(uow, mia, "mia", GOOD, clock.now())
    yield app
    app.close()


@pytest.fixture
def browser(app: App) -> Iterator[TestClient]:
    with TestClient(create_api(app), base_url=PUBLIC, follow_redirects=False) as client:
        yield client


def _enter(browser: TestClient, **fields: str) -> int:
    return browser.post("/sign-in", data=fields, headers=OWN).status_code


def test_d2_the_session_cookie_is_host_bound_secure_and_http_only(browser: TestClient) -> None:
    answer = browser.post("/sign-in", data={"name": "Mia ", "password": GOOD}, headers=OWN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/ui/")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= {part.strip() for part in cookie.split(";")}
    assert "domain" not in cookie.lower()


def test_d2_a_new_id_at_every_sign_in_and_the_former_one_ends(browser: TestClient, app: App) -> None:
    assert _enter(browser, name="mia", password=GOOD) == 303
    first = browser.cookies[COOKIE]
    assert _enter(browser, name="mia", password=GOOD) == 303
    second = browser.cookies[COOKIE]
    assert first != second
    with app.store.read() as uow:
        assert uow.sign_ins.principal(first, app.clock.now()) is None
        assert uow.sign_ins.principal(second, app.clock.now()) is not None


def test_d2_signing_out_ends_the_session_on_the_server(browser: TestClient, app: App) -> None:
    _enter(browser, name="mia", password=GOOD)
    session_id = browser.cookies[COOKIE]
    answer = browser.post("/sign-out", headers=OWN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert COOKIE not in browser.cookies
    with app.store.read() as uow:
        assert uow.sign_ins.principal(session_id, app.clock.now()) is None


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
@pytest.mark.parametrize("path", ["/sign-in", "/sign-out"])
def test_d2_a_form_that_is_not_ours_changes_nothing(
    browser: TestClient, app: App, path: str, headers: dict[str, str]
) -> None:
    _enter(browser, name="mia", password=GOOD)
    session_id = browser.cookies[COOKIE]
    answer = browser.post(path, data={"name": "mia", "password": GOOD}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "ForeignOrigin")
    with app.store.read() as uow:
        assert uow.sign_ins.principal(session_id, app.clock.now()) is not None


def test_d2_the_json_api_never_takes_the_cookie(browser: TestClient) -> None:
    _enter(browser, name="mia", password=GOOD)
    assert COOKIE in browser.cookies
    assert browser.get("/api/me").status_code == 401
    assert browser.post("/api/approvals", json={"plan_id": "a" * 8}, headers=OWN).status_code == 401


def test_d2_the_page_is_framed_by_nobody_and_runs_no_script(browser: TestClient) -> None:
    page = browser.get("/sign-in")
    policy = page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert page.headers["referrer-policy"] == "same-origin"
    assert "<script" not in page.text
    assert "登录" in browser.get("/sign-in?lang=zh").text


def test_d3_wrong_pairs_look_the_same_and_are_slowed_down_per_account(browser: TestClient) -> None:
    texts = set()
    for name in ("mia", "nobody"):
        for _ in range(FAILURES_PER_ACCOUNT):
            answer = browser.post("/sign-in", data={"name": name, "password": "wrong"}, headers=OWN)
            texts.add((answer.status_code, answer.text))
        last = browser.post("/sign-in", data={"name": name, "password": GOOD}, headers=OWN)
        assert last.status_code == 429
        assert int(last.headers["retry-after"]) > 0
        texts.add((last.status_code, last.text))
    assert len(texts) == 2


def test_d3_one_address_cannot_try_many_accounts_whatever_it_says_of_itself(browser: TestClient) -> None:
    for number in range(FAILURES_PER_ADDRESS):
        spoofed = {**OWN, "X-Forwarded-For": f"198.51.100.{number}"}
        answer = browser.post("/sign-in", data={"name": f"n{number}", "password": "x"}, headers=spoofed)
        assert answer.status_code == 401
    assert _enter(browser, name="mia", password=GOOD) == 429


def test_d3_honest_sign_ins_use_up_nothing(browser: TestClient) -> None:
    codes = {_enter(browser, name="mia", password=GOOD) for _ in range(FAILURES_PER_ADDRESS + 2)}
    assert codes == {303}


def test_plain_http_on_loopback_is_the_one_exception(tmp_path: Path, clock: ManualClock) -> None:
    from api.http.cookies import cookie_name, is_secure

    local = load_settings(home=tmp_path, public_url="http://127.0.0.1:8080")
    assert (is_secure(local), cookie_name(local, "so_session")) == (False, "so_session")
    for public in ("http://shop.example", "https://127.0.0.1", "http://10.0.0.5:8080"):
        assert is_secure(load_settings(home=tmp_path, public_url=public))


@pytest.fixture
def provider(app: App, clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> OpenIdServer:
    from dataclasses import replace

    server, real = OpenIdServer(clock), module.provider_of
    monkeypatch.setattr(module, "provider_of", lambda app: replace(real(app), transport=server.transport()))
    with app.store.unit_of_work() as uow:
        uow.sign_ins.link(ISSUER, "sub-1", "mia", "boss", clock.now())
    return server


def test_d2_the_way_over_an_openid_provider_signs_in(browser: TestClient, app: App, provider: OpenIdServer) -> None:
    begun = browser.get("/sign-in/oidc")
    assert begun.status_code == 303
    back = provider.browser_visits(begun.headers["location"], "sub-1")
    answer = browser.get("/sign-in/oidc/callback", params=back)
    assert (answer.status_code, answer.headers["location"]) == (303, "/ui/")
    with app.store.read() as uow:
        found = uow.sign_ins.principal(browser.cookies[COOKIE], app.clock.now())
    assert found is not None
    assert found.id == "mia"
    assert "__Host-so_oidc" not in browser.cookies


@pytest.mark.parametrize("change", [{"state": "other"}, {"code": ""}, {"iss": "https://evil.example"}])
def test_d2_an_answer_to_another_sign_in_is_refused(
    browser: TestClient, provider: OpenIdServer, change: dict[str, str]
) -> None:
    back = provider.browser_visits(browser.get("/sign-in/oidc").headers["location"], "sub-1")
    assert browser.get("/sign-in/oidc/callback", params={**back, **change}).status_code == 401
    assert COOKIE not in browser.cookies


def test_d2_a_stranger_s_link_to_the_callback_signs_nobody_in(browser: TestClient, provider: OpenIdServer) -> None:
    """Sign-in CSRF: the attacker's own code and state, in a browser that never began."""
    back = provider.browser_visits(browser.get("/sign-in/oidc").headers["location"], "sub-1")
    browser.cookies.clear()
    assert browser.get("/sign-in/oidc/callback", params=back).status_code == 401
    assert COOKIE not in browser.cookies


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/ui/approvals/a1?view=summary", "/ui/approvals/a1?view=summary"),
        ("https://evil.example/ui/", "/ui/"),
        ("//evil.example/ui/", "/ui/"),
        ("/ui/../api/me", "/ui/"),
        ("/ui/\\evil.example", "/ui/"),
        ("/sign-out", "/ui/"),
        ("", "/ui/"),
    ],
)
def test_after_signing_in_one_is_led_where_a_link_pointed_and_nowhere_outside(
    browser: TestClient, asked: str, led: str
) -> None:
    form = browser.get("/sign-in", params={"next": asked})
    assert ("next=" in form.text) == (asked == led)
    fields = {"name": "mia", "password": GOOD}
    answer = browser.post("/sign-in", params={"next": asked}, data=fields, headers=OWN)
    assert (answer.status_code, answer.headers["location"]) == (303, led)
