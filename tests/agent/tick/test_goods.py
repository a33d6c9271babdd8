"""Goods of messages: picked per person at the tick, printed and linked at dispatch."""

import html
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from agent.dispatch import dispatch
from agent.tick import go_live, tick
from memory.domain.clock import ManualClock
from memory.domain.facts import LAKE_SCHEMAS
from memory.domain.message import Rendered
from memory.lake.lake import Lake
from memory.store.engine import open_store
from memory.store.tables import metadata
from tests.factories.doing import LIVE_AT, ORDERED_AT, WEBSITE, a_world
from tests.factories.facts import Facts
from tools.channels.memory import MemorySender

pytestmark = pytest.mark.slow
KEY = b"a key for tests only, 32 bytes.."
SERIES, PICKS = timedelta(days=17), timedelta(days=49)
DAY = timedelta(days=1)
SHELF = (
    # sku, title, category, price, stock, page
    ("run-1", "Road <b>shoe</b>", "running", 4500, 9, f"{WEBSITE}/products/run-1"),
    ("run-2", "Trail shoe", "running", 9000, 4, f"{WEBSITE}/products/run-2"),
    ("run-3", "Track shoe", "running", 3000, 0, f"{WEBSITE}/products/run-3"),
    ("run-4", "Spiked shoe", "spikes", 4000, 5, "https://elsewhere.example.invalid/run-4"),
    ("run-5", "Old shoe", "running", 4000, 5, f"{WEBSITE}/products/run-5"),
    ("sock-1", "Wool socks", "socks", 900, 30, f"{WEBSITE}/products/sock-1?variant=2"),
    ("coat-1", "Rain coat", "coats", 12_000, 3, f"{WEBSITE}/products/coat-1"),
)
BROWSER, BUYER, NOBODY = "browser", "buyer", "nobody"


class Shelf:
    """A live plan whose people look at running shoes, buy some, or do neither; two mails of each kind read."""

    def __init__(self, folder: Path) -> None:
        self.store = open_store(f"sqlite:///{folder / 'store.db'}")
        metadata.create_all(self.store.engine)
        self.lake, self.clock = Lake(folder / "lake"), ManualClock(LIVE_AT)
        self.world = a_world(self.store, self.lake, 40)
        go_live(self.store, self.lake, self.clock, KEY, self.world.approved)
        with self.store.read() as uow:
            arms = uow.assignments.arms("nord", self.world.plan.holdout.experiment_id).to_pylist()
        treated = sorted(row["person_id"] for row in arms if row["arm"] == "treated")
        self.who = dict(zip((BROWSER, BUYER, NOBODY), treated, strict=False))
        self.learn()
        self.mails = {}
        for name, after in (("series", SERIES), ("picks", PICKS)):
            self.mails[name] = self.send(after)

    def learn(self) -> None:
        facts = Facts()
        for sku, title, category, price, stock, url in SHELF:
            facts.add("products", ORDERED_AT, shop_id="nord", sku=sku, title=title, category=category,
                      price_minor=price, url=url)  # fmt: skip
            facts.add("stock", ORDERED_AT, shop_id="nord", sku=sku, quantity=stock)
        at = LIVE_AT + timedelta(days=3)
        facts.event(self.who[BROWSER], at, shop_id="nord", sku="run-2")
        facts.event(self.who[BROWSER], at + timedelta(days=40), shop_id="nord", sku="sock-1")
        line = {"shop_id": "nord", "sku": "run-5", "category": None}
        facts.add("order_lines", ORDERED_AT, order_fact_id="o", subject_id=self.who[BUYER], **line)
        with self.store.unit_of_work() as uow:
            versions = {
                name: self.lake.append(name, pa.Table.from_pylist(rows, LAKE_SCHEMAS[name]))
                for name, rows in facts.rows.items()
            }
            uow.versions.add(versions, "a catalogue and what people did", at)

    def send(self, after: timedelta) -> dict[str, Rendered]:
        """Decide and hand off what is due that day; give the mails per person."""
        for at in [*self.earlier(after), LIVE_AT + after]:
            tick(self.store, self.lake, self.clock, KEY, "nord", at, seed=1, slot=DAY, exploration_rate=0.0)
            self.clock.set(at + timedelta(hours=10))
            sender = MemorySender(self.clock)
            dispatch(self.store, {"email": sender}, self.clock, KEY, "nord")
        with self.store.read() as uow:
            rows = uow.outbox.table("nord", self.world.plan.id, ["send_key", "person_id", "step_id"]).to_pylist()
        wanted = "first_time.category_series" if after == SERIES else "first_time.new_year_picks"
        return {
            row["person_id"]: sender.messages[row["send_key"]]
            for row in rows
            if row["step_id"] == wanted and row["send_key"] in sender.messages
        }

    def earlier(self, after: timedelta) -> list[datetime]:
        """Days before, so that care goes out first and promotion keeps its share."""
        days = (1, 3, 6, 10, 13) if after == SERIES else (21, 24, 28, 36, 39)
        return [LIVE_AT + day * DAY for day in days]

    def mail(self, kind: str, name: str) -> Rendered:
        return self.mails[kind][self.who[name]]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    return Shelf(tmp_path_factory.mktemp("shelf"))


def shown(mail: Rendered) -> list[str]:
    """The articles of the plain text, in order, without campaign marks."""
    return [line[2:].split(":")[0] for line in mail.text.splitlines() if line.startswith("- ")]


def links(mail: Rendered) -> Iterable[str]:
    return [word for word in mail.text.split() if word.startswith(WEBSITE)]


def test_s2_47_who_browsed_a_category_gets_its_goods_in_stock(shelf: Shelf) -> None:
    mail = shelf.mail("series", BROWSER)
    assert set(shown(mail)) == {"Road <b>shoe</b>", "Trail shoe", "Old shoe"}
    assert "Rain coat" not in mail.text


def test_s2_47_who_bought_in_it_enters_too_and_is_not_shown_it_again(shelf: Shelf) -> None:
    mail = shelf.mail("series", BUYER)
    assert set(shown(mail)) == {"Road <b>shoe</b>", "Trail shoe"}


def test_s2_47_without_an_interest_no_goods_are_made_up(shelf: Shelf) -> None:
    mail = shelf.mail("series", NOBODY)
    assert shown(mail) == []
    assert all(link.startswith(f"{WEBSITE}/?utm_source") for link in links(mail))


def test_s2_56_picks_stay_under_the_ceiling_and_in_stock(shelf: Shelf) -> None:
    for name in (BROWSER, BUYER, NOBODY):
        names = set(shown(shelf.mail("picks", name)))
        assert names
        assert not names & {"Trail shoe", "Rain coat", "Track shoe"}


def test_s2_56_the_mail_leads_back_to_what_was_viewed_last(shelf: Shelf) -> None:
    mail = shelf.mail("picks", BROWSER)
    assert f"{WEBSITE}/products/sock-1?variant=2&utm_source=second-order" in mail.text
    button = next(line for line in mail.text.splitlines() if "sock-1" in line and not line.startswith("- "))
    assert "utm_content=first_time.new_year_picks" in button
    assert html.escape(f"{WEBSITE}/products/sock-1?variant=2&utm_source") in mail.html
    assert f"{WEBSITE}/?utm_source" in shelf.mail("picks", NOBODY).text


def test_c8_titles_are_text_and_foreign_addresses_are_left_out(shelf: Shelf) -> None:
    for mail in (*shelf.mails["series"].values(), *shelf.mails["picks"].values()):
        assert "<b>" not in mail.html
        assert "elsewhere" not in mail.text + mail.html
