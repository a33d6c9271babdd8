"""Intent: one state at most, from what was looked at, put in a cart and bought until now."""

import random
from datetime import datetime
from pathlib import Path

import pytest

from memory.domain.segment import Intends
from tests.factories.facts import AS_OF, SHOP, Facts, ago
from tests.factories.intents import plain_state
from tools.profile import build_profiles
from tools.profile.intent import explored, intent_states
from tools.segments import describe, flag, load_rule

pytestmark = pytest.mark.slow


def states(facts: Facts, root: Path, as_of: datetime = AS_OF) -> dict[str, str]:
    with facts.open(root) as view:
        rows = intent_states(view, as_of).to_pyarrow().to_pylist()
    found = {row["person_id"]: row["state"] for row in rows}
    assert len(found) == len(rows), "a person is in one state at most"
    return found


def looks(facts: Facts, person: str, n: int, category: str = "running", days: float = 10) -> None:
    for number in range(n):
        facts.event(person, ago(days + number), ("view", "mail_click")[number % 2], category=category)


def people() -> Facts:
    facts = Facts()
    looks(facts, "five", 5)
    looks(facts, "four", 4)
    looks(facts, "scattered", 4)
    looks(facts, "scattered", 4, "socks")
    looks(facts, "bought", 7)
    facts.order("bought", ago(400), {"category": "running"})
    looks(facts, "bought.other", 5)
    facts.order("bought.other", ago(5), {"category": "socks"})
    looks(facts, "carted", 5)
    facts.event("carted", ago(3), "cart", category="running")
    facts.event("old.cart", ago(31), "cart", category="running")
    facts.event("ordered.since", ago(6), "cart", category="running")
    facts.order("ordered.since", ago(5), {"category": "socks"})
    facts.event("again", ago(6), "cart", category="socks")
    facts.order("again", ago(5), {"category": "socks"})
    facts.event("again", ago(4), "checkout", category="socks")
    facts.event("robot", ago(3), "cart", category="running", is_machine=True)
    return facts


def test_s2_20_s2_21_who_explores_who_left_a_cart_and_who_does_neither(tmp_path: Path) -> None:
    assert states(people(), tmp_path) == {
        "five": "explore",
        "bought.other": "explore",
        "carted": "abandon",
        "again": "abandon",
    }


def test_s2_13_a_purchase_in_the_category_ends_exploring(tmp_path: Path) -> None:
    facts = Facts()
    looks(facts, "ann", 5)
    facts.order("ann", ago(2), {"category": "running"})
    assert states(facts, tmp_path / "before", ago(2, 1)) == {"ann": "explore"}
    assert states(facts, tmp_path / "after", ago(2)) == {}


def test_s2_20_the_rule_agrees_with_the_states_and_says_itself(tmp_path: Path) -> None:
    rules = {state: load_rule({"op": "intends", "state": state}) for state in ("explore", "abandon")}
    with people().open(tmp_path) as view:
        profiles = build_profiles(view, SHOP, AS_OF)
        rows = flag(rules, profiles, view, AS_OF, SHOP.zone).to_pyarrow().to_pylist()
    assert {row["person_id"] for row in rows if row["explore"]} == {"five", "bought.other"}
    assert {row["person_id"] for row in rows if row["abandon"]} == {"carted", "again"}
    assert "at least 5 times" in describe(Intends(state="explore"))
    assert "购物车" in describe(Intends(state="abandon"), "zh")


def test_s2_22_the_state_follows_whatever_happens(tmp_path: Path) -> None:
    """Random lives, read back day by day: the state is the one a plain reading of the same events gives."""
    rng, facts = random.Random(7), Facts()
    seen: set[str] = set()
    lives: dict[str, list[tuple[datetime, str, str]]] = {}
    for number in range(30):
        person = f"p{number:02d}"
        for _ in range(rng.randrange(2, 20)):
            at, act = (
                ago(rng.randrange(0, 60), rng.randrange(24)),
                rng.choice((*["view"] * 12, "cart" if number % 3 == 0 else "view", "buy")),
            )
            category = rng.choice(("running", "socks"))
            lives.setdefault(person, []).append((at, act, category))
            if act == "buy":
                facts.order(person, at, {"category": category})
            else:
                facts.event(person, at, act, category=category)
    with facts.open(tmp_path) as view:
        for days in (20, 0):
            rows = intent_states(view, ago(days)).to_pyarrow().to_pylist()
            found = {row["person_id"]: row["state"] for row in rows}
            assert found == {who: state for who, life in lives.items() if (state := plain_state(life, ago(days)))}
            seen |= set(found.values())
    assert seen == {"explore", "abandon"}


def test_s2_47_every_explored_category_is_named_with_its_interactions(tmp_path: Path) -> None:
    facts = Facts()
    looks(facts, "ann", 6)
    looks(facts, "ann", 5, "socks")
    looks(facts, "ann", 4, "coats")
    with facts.open(tmp_path) as view:
        rows = explored(view, AS_OF).to_pyarrow().to_pylist()
    assert {(row["category"], row["n_interactions"]) for row in rows} == {("running", 6), ("socks", 5)}
