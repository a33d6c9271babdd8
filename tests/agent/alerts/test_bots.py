from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.alerts.bots import forget_bot, prove_bot, set_bot
from agent.approval.rules import secret_name, url_name
from agent.assembly import App, assemble
from agent.settings import load_settings
from memory.domain.approval_rules import ChatBot
from memory.domain.clock import ManualClock
from memory.domain.errors import InvalidInput, NotFound, NotPermitted
from tests.factories.approvals import AVA
from tests.factories.around_approvals import ADA, a_request
from tests.servers.bots import PATHS, SECRET

DING = ChatBot(name="ding", vendor="dingtalk")
URL = f"https://oapi.dingtalk.com{PATHS['dingtalk']}"


@pytest.fixture
def app(tmp_path: Path, clock: ManualClock) -> Iterator[App]:
    made = assemble(load_settings(home=tmp_path / "home"), clock)
    a_request(made.store, clock)
    yield made
    made.close()


def secrets(app: App) -> dict[str, str]:
    with app.store.read() as uow:
        return {name: uow.secrets.find("nord", name) for name in (url_name("ding"), secret_name("ding"))}


def test_a_bot_s_address_and_secret_are_kept_encrypted_and_forgotten_with_it(app: App) -> None:
    set_bot(app, ADA, "nord", DING, f" {URL} ", SECRET)
    assert secrets(app) == {url_name("ding"): URL, secret_name("ding"): SECRET}
    set_bot(app, ADA, "nord", DING.model_copy(update={"language": "zh"}), "")
    assert secrets(app)[url_name("ding")] == URL, "no address keeps the one that stands"
    forget_bot(app, ADA, "nord", "ding")
    assert set(secrets(app).values()) == {""}
    with app.store.read() as uow:
        assert uow.approval_rules.current("nord").bots == ()


def test_another_vendor_never_gets_the_former_one_s_address(app: App) -> None:
    set_bot(app, ADA, "nord", DING, URL, SECRET)
    with pytest.raises(InvalidInput, match="no address"):
        set_bot(app, ADA, "nord", ChatBot(name="ding", vendor="slack"), "")
    assert secrets(app)[url_name("ding")] == URL, "the refusal changed nothing"


@pytest.mark.parametrize(
    "url", ["https://example.com/robot/send?x=1", "http://127.0.0.1:8080/robot/send", URL.replace("s:", ":")]
)
def test_c3_an_address_that_is_not_the_vendor_s_is_refused(app: App, url: str) -> None:
    with pytest.raises(InvalidInput, match="none of dingtalk"):
        set_bot(app, ADA, "nord", DING, url)
    assert set(secrets(app).values()) == {""}


def test_only_an_admin_sets_tries_and_forgets_bots(app: App) -> None:
    for work in (
        lambda: set_bot(app, AVA, "nord", DING, URL),
        lambda: prove_bot(app, AVA, "nord", "ding"),
        lambda: forget_bot(app, AVA, "nord", "ding"),
    ):
        with pytest.raises(NotPermitted):
            work()
    for work in (lambda: prove_bot(app, ADA, "nord", "ding"), lambda: forget_bot(app, ADA, "nord", "ding")):
        with pytest.raises(NotFound):
            work()
