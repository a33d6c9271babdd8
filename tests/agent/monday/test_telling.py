"""The card is told on Mondays from eight o'clock of the shop's day, once."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.assembly import App, assemble
from agent.monday.telling import tell_monday
from agent.settings import load_settings
from memory.domain.clock import ManualClock
from memory.domain.switch import Alert
from tests.factories.plans import good_plan
from tests.factories.shop import a_shop

SHOP = a_shop()


@pytest.fixture
def app(home: Path) -> Iterator[App]:
    app = assemble(load_settings(home=home), ManualClock(datetime(2026, 11, 30, 12, tzinfo=UTC)))
    with app.store.unit_of_work() as uow:
        uow.shops.add(SHOP.model_copy(update={"zone": "Europe/Berlin"}))
    yield app
    app.close()


def _told(app: App) -> list[Alert]:
    with app.store.read() as uow:
        return [one for one in uow.alerts.all(SHOP.shop_id) if one.code == "monday"]


def test_it_is_told_once_however_often_workers_look(app: App) -> None:
    assert tell_monday(app, SHOP.shop_id)
    assert not tell_monday(app, SHOP.shop_id)
    (alert,) = _told(app)
    assert "draft the next one" in alert.message
    assert alert.message.endswith(f"{app.settings.public_url.rstrip('/')}/ui/chat")


@pytest.mark.parametrize(
    ("at", "is_told"),
    [
        (datetime(2026, 11, 30, 6, 59, tzinfo=UTC), False),  # Monday, 7:59 in Berlin
        (datetime(2026, 11, 30, 7, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 29, 12, 0, tzinfo=UTC), False),  # Sunday
    ],
)
def test_the_shops_own_morning_counts(app: App, at: datetime, is_told: bool) -> None:
    assert isinstance(app.clock, ManualClock)
    app.clock.set(at)
    assert tell_monday(app, SHOP.shop_id) is is_told
    assert bool(_told(app)) is is_told


def test_a_shop_at_home_in_china_is_told_in_chinese_and_contacts_stay_inside(app: App) -> None:
    plan = good_plan().model_copy(update={"title": "For zdenka@people.example.invalid"})
    with app.store.unit_of_work() as uow:
        uow.shops.put(uow.shops.get(SHOP.shop_id).model_copy(update={"home_market": "CN"}))
        uow.plans.put(plan.model_copy(update={"shop_id": SHOP.shop_id}), "mia", (), app.clock.now())
    assert tell_monday(app, SHOP.shop_id)
    (alert,) = _told(app)
    assert alert.message.startswith("1. 提交草案“For [email]”，或放弃它")
