"""Random histories of a shop: days of facts, late and early ones, revisions, merges, partings and erasures."""

import random
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa

from memory.domain.facts import IDENTITIES_SCHEMA, IDENTITY_MOVES_SCHEMA, LAKE_SCHEMAS
from memory.domain.market import Shop
from memory.lake.forgetting import forget_people
from memory.lake.lake import Lake
from memory.store.engine import Store
from tests.factories.facts import AS_OF, Facts
from tools.facts import commit_facts

PEOPLE = [f"p{n}" for n in range(9)]
SKUS = "abcd"


class History:
    """A shop whose facts are told day by day; `now` is where it stands."""

    def __init__(self, store: Store, lake: Lake, shop: Shop, seed: int) -> None:
        """Begin with a catalogue and rates."""
        self.store, self.lake, self.shop, self.chance = store, lake, shop, random.Random(seed)
        self.now, self.told, self.n_sent = AS_OF - timedelta(days=40), Facts(), dict[str, int]()
        self.people: dict[str, str] = {}
        self.n_moves = 0
        self._categorise("a", "b")
        self._rate(date(2024, 1, 1), "0.91")
        for _ in range(25):
            self.order(400)
            self.act(400)
        self.commit()

    def day(self) -> None:
        """Let time pass and let a few things happen; what a day brings is drawn."""
        self.now += timedelta(hours=self.chance.choice((1, 24, 24, 31, 24 * 9)))
        doings = (self.order, self.act, self.act, self.say, self.late, self.revise, self.merge, self.part, self.erase,
                  self.recategorise, self.reprice, self.ahead)  # fmt: skip
        for doing in self.chance.choices(doings, weights=(9, 9, 9, 5, 4, 4, 2, 1, 1, 1, 1, 2), k=7):
            doing()
            if self.chance.random() < 0.4:
                self.commit()
        self.commit()

    def order(self, days: float = 1, sooner: float = 0) -> None:
        """Tell an order with its lines."""
        chance, person = self.chance, self.chance.choice([*PEOPLE, None])
        at = self._at(days) + timedelta(days=sooner)
        lines = [
            {"sku": sku, "category": chance.choice((None, None, "red", "blue")), "quantity": chance.randrange(1, 4),
             "unit_price_minor": chance.choice((100, 500, 900))}
            for sku in chance.sample(SKUS, chance.choice((0, 1, 1, 2)))
        ]  # fmt: skip
        self.told.order(
            person, at, *lines, shop_id=self.shop.shop_id, subtotal_minor=chance.randrange(0, 9_000),
            discount_minor=chance.choice((0, 0, 250)), n_items=chance.randrange(0, 4), n_gift_items=chance.randrange(2),
            currency=chance.choice(("EUR", "EUR", "USD")),
            channel=chance.choice(("web", "app", "store", "marketplace")),
            market=chance.choice(("DE", "FR", None)), origin=chance.choice(("google", None)),
            is_paid=chance.random() > 0.1, is_cancelled=chance.random() < 0.1, is_referred=chance.random() < 0.2,
        )  # fmt: skip

    def act(self, days: float = 1, sooner: float = 0) -> None:
        """Tell an event, now and then of nobody or with somebody's order."""
        chance = self.chance
        orders = self.told.rows.get("orders", [])
        kinds = ("view", "cart", "app_open", "mail_open", "mail_click", "delivery", "return", "review", "sent")
        self.told.event(
            chance.choice([*PEOPLE, *PEOPLE, None]), self._at(days) + timedelta(days=sooner), chance.choice(kinds),
            shop_id=self.shop.shop_id, device=chance.choice(("mobile", "desktop", "app", None)),
            value=chance.choice((None, 0.0, 2.0)), is_machine=chance.random() < 0.2,
            order_ref=chance.choice(orders)["order_ref"] if orders and chance.random() < 0.3 else None,
        )  # fmt: skip

    def say(self) -> None:
        """Tell a consent or what a person said of themselves."""
        chance, person, at = self.chance, self.chance.choice(PEOPLE), self._at(60)
        shop_id = self.shop.shop_id
        if chance.random() < 0.3:
            said = {"market": chance.choice(("AT", None)), "language": chance.choice(("de", "fr", None))}
            self.told.add("people", at, shop_id=shop_id, subject_id=person, **said)
            return
        self.told.consent(
            person, at, chance.choice(("email", "sms")), shop_id=shop_id, is_suppressed=chance.random() < 0.1,
            status=chance.choice(("granted", "granted", "revoked")), purpose=chance.choice(("marketing", "service")),
        )  # fmt: skip

    def late(self) -> None:
        """Tell an order or an event of long ago."""
        self.chance.choice((self.order, self.act))(300)

    def ahead(self) -> None:
        """Tell an order or an event of tomorrow."""
        self.chance.choice((self.order, self.act))(1, 2.5)

    def revise(self) -> None:
        """Change a fact: a refund, a cancelled order, another record or instant."""
        kind = self.chance.choice(("orders", "orders", "events", "consents"))
        if not (rows := self.told.rows.get(kind)):
            return
        row = self.chance.choice(rows)
        if kind == "orders":
            part = self.chance.choice((1, 0.5, 0))
            row["refunded_minor"] = int(row["subtotal_minor"] * part)
            row["is_cancelled"] = self.chance.random() < 0.3
        elif row["subject_id"] is not None:
            row["subject_id"] = self.chance.choice(PEOPLE)
            row["event_at"] -= timedelta(days=self.chance.randrange(2) * 80)
        self.n_sent[kind] = min(self.n_sent.get(kind, 0), rows.index(row))

    def merge(self) -> None:
        """Make two records one person."""
        one, other = self.chance.sample(PEOPLE, 2)
        keep, gone = self.people.get(one, one), self.people.get(other, other)
        theirs = {record for record in PEOPLE if self.people.get(record, record) == gone}
        if keep != gone:
            self._move(dict.fromkeys(theirs, keep))

    def part(self) -> None:
        """Let a record be its own person again."""
        if self.people:
            record = self.chance.choice(sorted(self.people))
            self._move({record: record})

    def erase(self) -> None:
        """Erase a person from all versions."""
        self.commit()
        person = self.chance.choice(PEOPLE)
        person = self.people.get(person, person)
        records = {person, *(record for record, of in self.people.items() if of == person)}
        forget_people(self.lake, records)
        orders = self.told.rows.get("orders", [])
        gone = {row["order_ref"] for row in orders if row["subject_id"] in records}
        for kind, rows in self.told.rows.items():
            for row in rows:  # what is told again of a fact that is gone would bring it back
                if row.get("subject_id") in records or (row.get("order_ref") in gone and gone):
                    row["erased"] = True
            self.told.rows[kind] = rows
        self.people = {record: of for record, of in self.people.items() if record not in records}

    def recategorise(self) -> None:
        """Put an article of the catalogue into a category."""
        self._categorise(self.chance.choice(SKUS))

    def reprice(self) -> None:
        """Tell a rate of some day."""
        self._rate(date(2025, self.chance.randrange(1, 13), 1), f"0.{self.chance.randrange(80, 99)}")

    def commit(self) -> None:
        """Commit what was told or changed since."""
        facts: dict[str, Any] = {}
        for kind, rows in self.told.rows.items():
            fresh = [row for row in rows[self.n_sent.get(kind, 0) :] if not row.get("erased")]
            self.n_sent[kind] = len(rows)
            if fresh:
                table = pa.Table.from_pylist(fresh, LAKE_SCHEMAS[kind])
                facts[kind] = table.drop_columns(["revision", "content_hash"])
        if facts:
            commit_facts(self.store, self.lake, facts, "told", self.now)

    def _at(self, days: float) -> datetime:
        return self.now - timedelta(seconds=self.chance.randrange(int(days * 86_400)))

    def _categorise(self, *skus: str) -> None:
        for sku in skus:
            category = self.chance.choice(("red", "blue", "green", None))
            self.told.add("products", self.now, shop_id=self.shop.shop_id, sku=sku, category=category)

    def _rate(self, on: date, text: str) -> None:
        rate = {"base": "USD", "quote": "EUR", "rate_on": on, "rate_text": text, "shop_id": self.shop.shop_id}
        self.told.add("rates", self.now, **rate)

    def _move(self, moves: dict[str, str]) -> None:
        self.people = {record: of for record, of in (self.people | moves).items() if record != of}
        if self.chance.random() < 0.5:
            rows = pa.table([list(self.people), list(self.people.values())], schema=IDENTITIES_SCHEMA)
            commit_facts(self.store, self.lake, {"identities": rows}, "people", self.now)
            return
        self.n_moves += 1
        moved = [list(moves), list(moves.values()), [self.n_moves] * len(moves)]
        rows = pa.table(moved, schema=IDENTITY_MOVES_SCHEMA)
        commit_facts(self.store, self.lake, {"identity_moves": rows}, "moves", self.now)
