"""What the page changed: exact counts per arm, a planted effect that is found, and none that is not there."""

import random
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from memory.domain.experiment import Interval
from memory.domain.thanks import PageVariant, ThanksSettings
from memory.store.thanks import CLICKS_SCHEMA, PAGES_SCHEMA
from tests.factories.facts import AS_OF, SHOP, Facts, ago
from tools.thanks.effect import ThanksEffect, thanks_effect
from tools.thanks.opening import arm_of

pytestmark = pytest.mark.slow
KEY = b"a key for tests only, 32 bytes.."
Page = tuple[str, str, str, datetime]


def read(
    facts: Facts,
    root: Path,
    pages: list[Page],
    clicks: list[tuple[str, str, str, datetime]] | None = None,
    **known: Any,
) -> ThanksEffect:
    plain_rate = known.pop("plain_rate", 0.5)
    rows = [dict(zip(PAGES_SCHEMA.names, page, strict=True)) for page in pages]
    seen = [dict(zip(CLICKS_SCHEMA.names, one, strict=True)) for one in clicks or []]
    with facts.open(root, **known) as view:
        return thanks_effect(
            view, SHOP, pa.Table.from_pylist(rows, PAGES_SCHEMA), pa.Table.from_pylist(seen, CLICKS_SCHEMA),
            plain_rate, 60, AS_OF,
        )  # fmt: skip


def test_s1_13_second_orders_follows_and_leads_are_counted_per_arm(tmp_path: Path) -> None:
    facts, opened = Facts(), ago(100)
    pages = [(f"#{arm}{n}", f"{arm}{n}", arm, opened) for arm in ("full", "plain") for n in range(10)]
    for person in ("full0", "full1", "full2", "plain0"):
        facts.order(person, ago(90))
    facts.order("full3", opened, order_ref="#full3")
    facts.order("full4", ago(39))
    facts.order("plain1", ago(90), is_cancelled=True)
    facts.order("plain2", ago(120))
    facts.referral("full5", "bob", ago(80))
    facts.referral("plain5", "eve", ago(80))
    facts.referral("full6", "kim", ago(20))
    pages += [("#late", "full0", "plain", ago(50)), ("#new", "zoe", "full", ago(5)), ("#w", "wim", "withheld", opened)]
    pages += [("#off", "kai", "off", ago(110)), ("#on", "kai", "plain", ago(5))]  # counts from when it was on
    clicks = [
        ("#full0", "full0", "social:tiktok", ago(99)), ("#full0", "full0", "social:x", ago(99)),
        ("#full1", "full1", "share", ago(99)), ("#full2", "full2", "social:x", ago(39)),  # after the window
        ("#early", "full3", "social:x", ago(101)),
    ]  # fmt: skip
    found = read(facts, tmp_path, pages, clicks)
    counts = {one.arm: (one.n_people, one.n_second, one.n_follows, one.n_leads) for one in found.arms}
    assert counts == {"full": (10, 3, 1, 1), "plain": (10, 1, 0, 1)}
    assert found.n_open == 2 and not found.sample_ratio.is_suspicious
    (all_of_them,) = found.against_plain
    assert isinstance(all_of_them.second_order_pp, Interval)
    assert all_of_them.second_order_pp.estimate == pytest.approx(20.0)
    assert all_of_them.second_order_pp.low < 0 < all_of_them.second_order_pp.high
    assert isinstance(all_of_them.follows_pp, Interval) and all_of_them.follows_pp.estimate == pytest.approx(10.0)
    assert isinstance(all_of_them.leads_pp, Interval) and all_of_them.leads_pp.estimate == pytest.approx(0.0)


@pytest.mark.parametrize("effect", [0.1, 0.0])
def test_s1_13_a_planted_effect_is_found_and_none_is_where_there_is_none(tmp_path: Path, effect: float) -> None:
    settings = ThanksSettings(plain_rate=0.3, variants=(PageVariant(id="full"), PageVariant(id="short")))
    facts, chance, pages = Facts(), random.Random(11), []
    for n in range(4000):
        arm = arm_of(KEY, SHOP.shop_id, f"p{n}", settings)
        pages.append((f"#{n}", f"p{n}", arm, ago(90)))
        if chance.random() < 0.15 + (effect if arm == "full" else 0):
            facts.order(f"p{n}", ago(chance.uniform(31, 89)))
    found = read(facts, tmp_path, pages, plain_rate=0.3)
    assert not found.sample_ratio.is_suspicious
    sizes = {one.arm: one.n_people for one in found.arms}
    assert all(abs(sizes[arm] - share * 4000) < 120 for arm, share in (("plain", 0.3), ("full", 0.35), ("short", 0.35)))
    variants = {one.variant: one.second_order_pp for one in found.against_plain}
    full, short = variants["full"], variants["short"]
    assert isinstance(full, Interval) and isinstance(short, Interval)
    assert full.level == short.level == 1 - 0.05 / 3
    assert full.low < 100 * effect < full.high and (full.low > 0) == (effect > 0)
    assert short.low < 0 < short.high


def test_s1_13_without_a_plain_arm_nothing_is_said(tmp_path: Path) -> None:
    found = read(Facts(), tmp_path, [("#1", "ann", "full", ago(90))], plain_rate=0.0)
    assert found.against_plain[0].second_order_pp.kind == "not_estimable"
    assert read(Facts(), tmp_path / "b", []).arms == ()


def test_s1_13_two_accounts_of_one_person_count_once_in_the_arm_of_the_first_page(tmp_path: Path) -> None:
    facts = Facts()
    facts.order("ann2", ago(70))
    pages: list[Page] = [("#1", "ann", "plain", ago(90)), ("#2", "ann2", "full", ago(80))]
    found = read(facts, tmp_path, pages, identities=[("ann2", "ann")])
    assert [(one.arm, one.n_people, one.n_second) for one in found.arms] == [("plain", 1, 1)]


@pytest.mark.parametrize("effect", [0.06, 0.0])
def test_s1_29_recommendations_are_measured_against_a_list_of_bestsellers_with_a_holdout(
    tmp_path: Path, effect: float
) -> None:
    """Bestsellers add 3 points over the plain page; recommendations 6 more, or none."""
    variants = (PageVariant(id="fitting"), PageVariant(id="bestsellers", goods="bestsellers"))
    settings = ThanksSettings(plain_rate=0.2, variants=variants)
    facts, chance, pages = Facts(), random.Random(29), []
    rates = {"plain": 0.12, "bestsellers": 0.15, "fitting": 0.15 + effect}
    for n in range(9000):
        arm = arm_of(KEY, SHOP.shop_id, f"p{n}", settings)
        pages.append((f"#{n}", f"p{n}", arm, ago(90)))
        if chance.random() < rates[arm]:
            facts.order(f"p{n}", ago(chance.uniform(31, 89)))
    found = read(facts, tmp_path, pages, plain_rate=0.2)
    assert not found.sample_ratio.is_suspicious
    assert {one.arm for one in found.arms} == {"fitting", "bestsellers", "plain"}
    (pair,) = found.between
    assert (pair.first, pair.second) == ("bestsellers", "fitting")
    difference = pair.second_order_pp
    assert isinstance(difference, Interval)
    assert difference.low < -100 * effect < difference.high and (difference.high < 0) == (effect > 0)
    against = {one.variant: one.second_order_pp for one in found.against_plain}
    fitting = against["fitting"]
    assert isinstance(fitting, Interval) and fitting.low < 100 * (0.03 + effect) < fitting.high
