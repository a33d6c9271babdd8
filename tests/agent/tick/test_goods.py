"""Goods of messages: picked per person at the tick, looked at again at the claim, printed and linked in the mail."""

import html
import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.dispatch import DispatchReport, dispatch
from agent.tick import TickReport, go_live, tick
from memory.domain.clock import ManualClock
from memory.domain.message import Rendered
from memory.lake.lake import Lake
from memory.store.engine import open_store
from memory.store.tables import metadata
from tests.factories.doing import LIVE_AT, ORDERED_AT, WEBSITE, a_world, explore, learn
from tests.factories.facts import Facts, fact
from tools.channels.memory import MemorySender

pytestmark = pytest.mark.slow
KEY = b"a key for tests only, 32 bytes.."
DAY = timedelta(days=1)
CARE, SERIES, CROSS_SELL, PICKS, DROPS = 6, 17, 36, 49, 53
"""Days that are looked at; a tick on the day before takes what fell due since the one before it."""
SHELF = (
    # sku, title, category, price, stock, page
    ("run-1", "Road <b>shoe</b>", "running", 4500, 9, f"{WEBSITE}/products/run-1"),
    ("run-2", "Trail shoe", "running", 9000, 4, f"{WEBSITE}/products/run-2"),
    ("run-3", "Track shoe", "running", 3000, 0, f"{WEBSITE}/products/run-3"),
    ("run-4", "Spiked shoe", "spikes", 4000, 5, "https://elsewhere.example.invalid/run-4"),
    ("run-5", "Old shoe", "running", 4000, 5, f"{WEBSITE}/products/run-5"),
    ("sock-1", "Wool socks", "socks", 900, 30, f"{WEBSITE}/products/sock-1?variant=2"),
    ("coat-1", "Rain coat", "coats", 12_000, 3, f"{WEBSITE}/products/coat-1"),
    ("lamp-1", "Desk lamp", "lamps", 8_000, 3, f"{WEBSITE}/products/lamp-1"),
    ("lamp-2", "Wall lamp", "lamps", 8_000, 3, f"{WEBSITE}/products/lamp-2"),
    ("lamp-3", "Floor lamp", "lamps", 8_000, 3, f"{WEBSITE}/products/lamp-3"),
)
FIVE, FOUR, BOUGHT, NOBODY, FOLLOWER, RAISED, SOLD_OUT, STEADY = (
    "five", "four", "bought", "nobody", "follower", "raised", "sold_out", "steady",
)  # fmt: skip


class Shelf:
    """A live plan: people explore running shoes, buy some, leave carts behind; prices and stock change meanwhile."""

    def __init__(self, folder: Path) -> None:
        self.store = open_store(f"sqlite:///{folder / 'store.db'}")
        metadata.create_all(self.store.engine)
        self.lake, self.clock = Lake(folder / "lake"), ManualClock(LIVE_AT)
        self.world = a_world(self.store, self.lake, 40)
        go_live(self.store, self.lake, self.clock, KEY, self.world.approved)
        with self.store.read() as uow:
            arms = uow.assignments.arms("nord", self.world.plan.holdout.experiment_id).to_pylist()
        self.treated = sorted(row["person_id"] for row in arms if row["arm"] == "treated")
        names = (FIVE, FOUR, BOUGHT, NOBODY, FOLLOWER, RAISED, SOLD_OUT, STEADY)
        self.who = dict(zip(names, self.treated, strict=False))
        self.reports: dict[int, tuple[TickReport, DispatchReport]] = {}
        self.mails: dict[tuple[str, str], Rendered] = {}
        self.first_facts()
        for day in (CARE - 1, CARE, SERIES - 1, SERIES, CROSS_SELL - 1, CROSS_SELL, PICKS):
            self.live(day)
        self.carts_and_changes()
        self.decide(DROPS)
        self.changes_before_hand_off()
        self.hand_off(DROPS)
        self.live(DROPS + 1)

    def first_facts(self) -> None:
        facts = Facts()
        for sku, title, category, price, stock, url in SHELF:
            facts.add("products", ORDERED_AT, shop_id="nord", sku=sku, title=title, category=category,
                      price_minor=price, url=url)  # fmt: skip
            facts.add("stock", ORDERED_AT, shop_id="nord", sku=sku, quantity=stock)
        at = LIVE_AT + 3 * DAY
        explore(facts, [self.who[FIVE]], at)
        facts.event(self.who[FIVE], at, shop_id="nord", sku="run-2")
        facts.event(self.who[FIVE], at + DAY, shop_id="nord", sku="sock-1")
        explore(facts, [self.who[FOUR]], at, n=4)
        explore(facts, [self.who[BOUGHT]], at, n=9)
        facts.event(self.who[FIVE], at + 40 * DAY, shop_id="nord", sku="sock-1")
        line = {"shop_id": "nord", "sku": "run-5", "category": None}
        facts.add("order_lines", ORDERED_AT, order_fact_id="o", subject_id=self.who[BOUGHT], **line)
        for person in self.treated:
            facts.event(person, ORDERED_AT + 2 * DAY, "delivery", shop_id="nord")
        learn(self.store, self.lake, facts, at)

    def carts_and_changes(self) -> None:
        """Carts left behind on day 44; on day 50 three prices fall, one does not."""
        facts, at, changed = Facts(), LIVE_AT + 44 * DAY, LIVE_AT + 50 * DAY
        for name, sku in ((FOLLOWER, "lamp-1"), (RAISED, "lamp-2"), (SOLD_OUT, "lamp-3"), (STEADY, "coat-1")):
            facts.event(self.who[name], at, "cart", shop_id="nord", sku=sku)
        for number, row in enumerate(facts.rows["events"]):
            row["fact_id"] = f"cart{number}"
        facts.rows["products"] = [self.revised("products", sku, changed, 2, price_minor=6_000) for sku in LAMPS]
        facts.rows["superseded"] = []
        self.replace(facts, changed)

    def changes_before_hand_off(self) -> None:
        """Between decision and claim one lamp gets dearer than the mail would say, and one sells out."""
        facts, at = Facts(), LIVE_AT + DROPS * DAY + timedelta(hours=1)
        facts.rows["products"] = [self.revised("products", "lamp-2", at, 3, price_minor=7_000)]
        facts.rows["stock"] = [self.revised("stock", "lamp-3", at, 2, quantity=0, event_at=at)]
        self.replace(facts, at)

    def revised(self, table: str, sku: str, at: datetime, revision: int, **changes: Any) -> dict[str, Any]:
        number = [row[0] for row in SHELF].index(sku)
        _, title, category, price, stock, url = SHELF[number]
        known: dict[str, Any] = {"quantity": stock}
        if table == "products":
            known = {"title": title, "category": category, "price_minor": price, "url": url}
        row = fact(table, number, ORDERED_AT, shop_id="nord", sku=sku, **known)
        return row | {"revision": revision, "arrived_at": at} | changes

    def replace(self, facts: Facts, at: datetime) -> None:
        old = [
            {"fact_kind": table, "fact_id": row["fact_id"], "revision": row["revision"] - 1}
            for table, rows in facts.rows.items()
            for row in rows
            if row.get("revision", 1) > 1
        ]
        facts.rows["superseded"] = old
        learn(self.store, self.lake, facts, at)

    def live(self, day: int) -> None:
        self.decide(day)
        self.hand_off(day)

    def decide(self, day: int) -> None:
        at = LIVE_AT + day * DAY
        done = tick(self.store, self.lake, self.clock, KEY, "nord", at, seed=1, slot=DAY, exploration_rate=0.0)
        self.reports[day] = (done, DispatchReport())

    def hand_off(self, day: int) -> None:
        self.clock.set(LIVE_AT + day * DAY + timedelta(hours=10))
        sender = MemorySender(self.clock)
        report = dispatch(self.store, {"email": sender}, self.clock, KEY, "nord", lake=self.lake)
        self.reports[day] = (self.reports[day][0], report)
        for row in self.rows():
            if row["send_key"] in sender.messages:
                template = row["step_id"].partition(".")[2]
                self.mails[template, row["person_id"]] = sender.messages[row["send_key"]]

    def rows(self) -> list[dict[str, Any]]:
        columns = ["send_key", "person_id", "step_id", "state", "reason", "goods", "notice_sku"]
        with self.store.read() as uow:
            rows: list[dict[str, Any]] = uow.outbox.table("nord", self.world.plan.id, columns).to_pylist()
        return rows

    def row(self, template: str, name: str) -> dict[str, Any]:
        wanted = (f"first_time.{template}", self.who[name])
        (found,) = [row for row in self.rows() if (row["step_id"], row["person_id"]) == wanted]
        return found

    def mail(self, template: str, name: str) -> Rendered:
        return self.mails[template, self.who[name]]

    def receivers(self, template: str) -> set[str]:
        names = {person: name for name, person in self.who.items()}
        return {names.get(person, person) for each, person in self.mails if each == template}


LAMPS = ("lamp-1", "lamp-2", "lamp-3")


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    return Shelf(tmp_path_factory.mktemp("shelf"))


def shown(mail: Rendered) -> list[str]:
    """The articles of the plain text, in order, without campaign marks."""
    return [line[2:].split(":")[0] for line in mail.text.splitlines() if line.startswith("- ")]


def links(mail: Rendered) -> Iterable[str]:
    return [word for word in mail.text.split() if word.startswith(WEBSITE)]


def test_s2_47_s2_13_five_looks_enter_the_series_four_do_not_and_a_purchase_leaves_it(shelf: Shelf) -> None:
    assert shelf.receivers("category_series") == {FIVE}


def test_s2_20_the_explorer_gets_the_bestsellers_of_the_category_in_stock(shelf: Shelf) -> None:
    mail = shelf.mail("category_series", FIVE)
    button = next(line for line in mail.text.splitlines() if line.startswith(("See the selection", "Auswahl")))
    assert f"{WEBSITE}/products/run-2?utm_source" in button, "it leads back to what was viewed last in the category"
    assert set(shown(mail)) == {"Road <b>shoe</b>", "Trail shoe", "Old shoe"}
    assert "Rain coat" not in mail.text


def test_s1_16_care_names_what_was_bought_and_goes_to_the_others_without_goods(shelf: Shelf) -> None:
    assert shown(shelf.mail("care_guide", BOUGHT)) == ["Old shoe"]
    mail = shelf.mail("care_guide", NOBODY)
    assert shown(mail) == []
    assert all(link.startswith(f"{WEBSITE}/?utm_source") for link in links(mail))
    assert json.loads(shelf.row("care_guide", NOBODY)["goods"])["why"] == "nothing_found"


def test_s2_49_a_step_that_says_nothing_without_goods_is_skipped_with_its_reason(shelf: Shelf) -> None:
    """Nothing was bought together often enough: the cross-sell of day 36 goes to nobody, and the decisions say why."""
    report, _ = shelf.reports[CROSS_SELL]
    assert report.blocked["no_goods"] == len(shelf.treated)
    assert shelf.receivers("cross_sell") == set()
    with shelf.store.read() as uow:
        versions = uow.batches.lake_versions()
    with shelf.lake.open(versions) as view:
        options = view.raw("decision_options")
        reasons = options.filter(options.option_id == "first_time.cross_sell:email").to_pyarrow()["reasons"]
    assert {reason for each in reasons.to_pylist() for reason in each} >= {"no_goods"}


def test_s2_56_picks_stay_under_the_ceiling_and_in_stock(shelf: Shelf) -> None:
    for name in (FIVE, BOUGHT, NOBODY):
        names = set(shown(shelf.mail("new_year_picks", name)))
        assert names
        assert not names & {"Trail shoe", "Rain coat", "Track shoe"}


def test_s2_56_the_mail_leads_back_to_what_was_viewed_last(shelf: Shelf) -> None:
    mail = shelf.mail("new_year_picks", FIVE)
    assert f"{WEBSITE}/products/sock-1?variant=2&utm_source=second-order" in mail.text
    button = next(line for line in mail.text.splitlines() if "sock-1" in line and not line.startswith("- "))
    assert "utm_content=first_time.new_year_picks" in button
    assert html.escape(f"{WEBSITE}/products/sock-1?variant=2&utm_source") in mail.html
    assert f"{WEBSITE}/?utm_source" in shelf.mail("new_year_picks", NOBODY).text


def test_c8_titles_are_text_and_foreign_addresses_are_left_out(shelf: Shelf) -> None:
    for mail in shelf.mails.values():
        assert "<b>" not in mail.html
        assert "elsewhere" not in mail.text + mail.html


def test_s2_21_s2_50_only_a_price_that_really_fell_is_told(shelf: Shelf) -> None:
    assert shelf.receivers("price_drop") == {FOLLOWER}
    mail = shelf.mail("price_drop", FOLLOWER)
    assert shown(mail) == ["Desk lamp"]
    assert f"{WEBSITE}/products/lamp-1?utm_source" in mail.text
    (item,) = json.loads(shelf.row("price_drop", FOLLOWER)["goods"])["items"]
    assert (item["price_minor"], item["was_minor"]) == (6_000, 8_000)
    assert shelf.row("price_drop", FOLLOWER)["notice_sku"] == "lamp-1"


def test_s2_50_a_notice_whose_article_is_gone_or_dearer_at_hand_off_is_suppressed(shelf: Shelf) -> None:
    rows = {name: shelf.row("price_drop", name) for name in (RAISED, SOLD_OUT)}
    assert {name: (row["state"], row["reason"]) for name, row in rows.items()} == {
        RAISED: ("suppressed", "price_raised"),
        SOLD_OUT: ("suppressed", "sold_out"),
    }


def test_s2_50_who_was_told_or_whose_message_ended_is_not_decided_again(shelf: Shelf) -> None:
    """The step waits for 28 days: on the next day only its own news would go out."""
    report, done = shelf.reports[DROPS + 1]
    assert report.n_planned == 0
    assert done.n_sent == 0
    assert len([row for row in shelf.rows() if row["step_id"] == "first_time.price_drop"]) == 3
