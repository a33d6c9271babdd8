"""The Monday card goes to the bots of the shop's groups, each once a week, in the group's language, without figures."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.alerts import request_ways, tell_requests
from agent.alerts.bots import set_bot
from agent.assembly import App, assemble
from agent.monday.telling import notice_subject, tell_monday
from agent.settings import load_settings
from memory.domain.approval_rules import ApprovalRules, BotVendor, ChatBot
from memory.domain.clock import ManualClock
from tests.factories.approvals import MIA
from tests.factories.around_approvals import ADA
from tests.factories.planning import a_shop
from tests.factories.plans import good_plan
from tests.servers.bots import PATHS, SECRET, BotVendorServer
from tests.servers.http import FaultServer, Reply

MONDAY = datetime(2026, 11, 30, 12, tzinfo=UTC)
BOTS = (
    ChatBot(name="ding", vendor="dingtalk", language="zh"), ChatBot(name="feishu", vendor="feishu", language="zh"),
    ChatBot(name="slack", vendor="slack", language="en"), ChatBot(name="wecom", vendor="wecom", language="zh"),
)  # fmt: skip


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    monkeypatch.setattr(request_ways, "SLEEP", lambda _: None)
    settings = load_settings(home=tmp_path / "home", channels_allow_loopback=True)
    made = assemble(settings, ManualClock(MONDAY))
    with made.store.unit_of_work() as uow:
        uow.shops.add(a_shop().model_copy(update={"zone": "Europe/Berlin"}))
        for one in (ADA, MIA):
            uow.principals.add(one, MONDAY, "system")
    yield made
    made.close()


@pytest.fixture
def vendors(app: App) -> Iterator[dict[BotVendor, BotVendorServer]]:
    """Each vendor's contract on a local server, its bot set up."""
    made = {bot.vendor: BotVendorServer(bot.vendor, SECRET if bot.vendor == "dingtalk" else "") for bot in BOTS}
    servers = {vendor: FaultServer(one) for vendor, one in made.items()}
    for bot in BOTS:
        url = servers[bot.vendor].url + PATHS[bot.vendor]
        set_bot(app, ADA, "nord", bot, url, SECRET if bot.vendor == "dingtalk" else "")
    yield made
    for server in servers.values():
        server.stop()


def states(app: App, local: datetime = MONDAY) -> dict[str, str]:
    with app.store.read() as uow:
        return {one.way: one.status for one in uow.approval_notices.of(notice_subject("nord", local))}


def test_every_bot_says_the_card_once_in_its_language_and_without_figures(
    app: App, vendors: dict[BotVendor, BotVendorServer]
) -> None:
    plan = good_plan().model_copy(update={"title": "For zdenka@people.example.invalid"})
    with app.store.unit_of_work() as uow:
        uow.plans.put(plan, "mia", (), MONDAY)
    assert tell_monday(app, "nord")
    assert (tell_requests(app), tell_requests(app)) == (4, 0)
    assert not tell_monday(app, "nord")
    assert tell_requests(app) == 0
    assert states(app) == {f"bot:{bot.name}": "told" for bot in BOTS}
    for bot in BOTS:
        (said,) = vendors[bot.vendor].taken
        shown = str(said)
        assert ("本周待办" in shown) is (bot.language == "zh")
        assert "For " in shown and "zdenka" not in shown
        assert "/ui/" in shown
        assert "EUR" not in shown and "90 %" not in shown and "90%" not in shown
    assert "This week at" in str(vendors["slack"].taken)


def test_a_bot_that_was_away_is_told_later_that_day_and_no_longer_on_tuesday(
    app: App, vendors: dict[BotVendor, BotVendorServer]
) -> None:
    vendors["slack"].answers = [Reply(503)] * 3
    vendors["wecom"].answers = [Reply(503)] * 99
    tell_monday(app, "nord")
    assert tell_requests(app) == 2
    assert isinstance(app.clock, ManualClock)
    app.clock.advance(timedelta(hours=2))
    assert tell_requests(app) == 1
    app.clock.set(datetime(2026, 12, 1, 7, tzinfo=UTC))
    vendors["wecom"].answers = []
    assert tell_requests(app) == 0
    assert states(app) == {"bot:ding": "told", "bot:feishu": "told", "bot:slack": "told", "bot:wecom": "failed"}
    assert not tell_monday(app, "nord")
    app.clock.set(MONDAY + timedelta(days=7))
    assert tell_monday(app, "nord")
    assert tell_requests(app) == 4


def test_a_bot_that_was_taken_away_says_nothing(app: App, vendors: dict[BotVendor, BotVendorServer]) -> None:
    tell_monday(app, "nord")
    with app.store.unit_of_work() as uow:
        uow.approval_rules.put("nord", ApprovalRules(), "ada", MONDAY, "none")
    assert tell_requests(app) == 0
    assert set(states(app).values()) == {"failed"}
    assert all(not one.asked for one in vendors.values())
