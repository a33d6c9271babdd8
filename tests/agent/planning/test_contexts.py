"""Contexts are remembered while nothing they depend on changes."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from agent.planning.context import gather
from agent.planning.contexts import FRESH, Contexts
from agent.planning.opened import Opened
from memory.domain.brief import Brief, Goal
from memory.domain.clock import ManualClock
from memory.domain.guardrails import Guardrails
from memory.domain.money import Money
from memory.lake.forgetting import forget_people
from memory.lake.lake import Lake
from tests.factories.learned import kind_effects, known, shop_effects
from tests.factories.lessons import a_lesson
from tests.factories.small_shop import ImportedShop, imported_shop

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ImportedShop]:
    made = imported_shop(tmp_path_factory.mktemp("shop"), n=120)
    _limit(made, 1_000_000)
    yield made
    made.store.close()


def _limit(shop: ImportedShop, minor: int) -> None:
    with shop.store.unit_of_work() as uow:
        budget = Money(amount_minor=minor, currency=shop.shop.currency)
        uow.guardrails.put(shop.shop.shop_id, Guardrails(plan_budget=budget), "mia", shop.clock.now(), "")


def test_wishes_that_ask_for_no_other_facts_read_none(shop: ImportedShop) -> None:
    contexts = Contexts(shop.store, shop.lake, shop.clock)
    first = contexts.gather(shop.shop.shop_id, Brief())
    assert contexts.gather(shop.shop.shop_id, Brief(notes=("Keep it cheap.",))) is first


def test_another_goal_and_other_guardrails_are_read_at_once(shop: ImportedShop) -> None:
    contexts = Contexts(shop.store, shop.lake, shop.clock)
    first = contexts.gather(shop.shop.shop_id, Brief())
    assert contexts.gather(shop.shop.shop_id, Brief(goal=Goal(within_days=60))) is not first
    _limit(shop, 2_000_000)
    again = contexts.gather(shop.shop.shop_id, Brief())
    assert again.guardrail_version != first.guardrail_version
    assert again.guardrails.plan_budget.amount_minor == 2_000_000


def test_a_new_table_of_the_shops_own_decisions_is_read_at_once(shop: ImportedShop) -> None:
    contexts = Contexts(shop.store, shop.lake, shop.clock)
    first = contexts.gather(shop.shop.shop_id, Brief())
    learned = shop_effects(kind_effects(added_orders=known(0.04)), shop_id=shop.shop.shop_id)
    with shop.store.unit_of_work() as uow:
        uow.effects.put(learned)
    again = contexts.gather(shop.shop.shop_id, Brief())
    assert (first.claims, again.claims) == (None, learned.claims())


def test_another_installation_of_the_same_facts_reads_none_and_one_of_other_facts_its_own(
    shop: ImportedShop, tmp_path: Path
) -> None:
    first = Contexts(shop.store, shop.lake, shop.clock).gather(shop.shop.shop_id, Brief())
    copy = Lake(shutil.copytree(shop.lake.root, tmp_path / "lake"))
    assert Contexts(shop.store, copy, shop.clock).gather(shop.shop.shop_id, Brief()) is first
    other = imported_shop(tmp_path / "other", n=120)
    _limit(other, 2_000_000)
    again = Contexts(other.store, other.lake, other.clock).gather(shop.shop.shop_id, Brief())
    other.store.close()
    assert again is not first


def test_a_context_grows_old(shop: ImportedShop) -> None:
    clock = ManualClock(shop.clock.now())
    contexts = Contexts(shop.store, shop.lake, clock)
    first = contexts.gather(shop.shop.shop_id, Brief())
    clock.set(clock.now() + FRESH + timedelta(seconds=1))
    assert contexts.gather(shop.shop.shop_id, Brief()).as_of == clock.now()
    assert first.as_of < clock.now()


def test_a_lesson_is_read_at_once(shop: ImportedShop) -> None:
    contexts, shop_id = Contexts(shop.store, shop.lake, shop.clock), shop.shop.shop_id
    first, lesson = contexts.gather(shop_id, Brief()), a_lesson(shop_id=shop_id)
    with shop.store.unit_of_work() as uow:
        uow.lessons.put(shop_id, lesson.plan_id, [lesson], 1, shop.clock.now())
    assert (first.lessons, contexts.gather(shop_id, Brief()).lessons) == ((), (lesson,))


def test_facts_kept_open_give_the_context_that_is_read_anew(shop: ImportedShop) -> None:
    now = ManualClock(shop.clock.now() + 2 * FRESH)  # nothing is remembered of then
    contexts, brief = Contexts(shop.store, shop.lake, now, keeps_open=True), Brief(goal=Goal(within_days=45))
    contexts.gather(shop.shop.shop_id, Brief())
    assert contexts.gather(shop.shop.shop_id, brief) == gather(
        shop.store, shop.lake, shop.shop.shop_id, brief, as_of=now.now()
    )
    contexts.close()


def test_a_question_is_worked_out_once_while_the_facts_are_open(shop: ImportedShop) -> None:
    contexts, asked = Contexts(shop.store, shop.lake, shop.clock, keeps_open=True), []
    context = contexts.gather(shop.shop.shop_id, Brief())

    def ask(facts: Opened) -> int:
        asked.append(facts.as_of)
        return int(facts.profiles().count().to_pyarrow().as_py())

    assert contexts.read(context, "n", ask) == contexts.read(context, "n", ask) > 0
    assert asked == [context.as_of]
    contexts.close()
    assert contexts.read(context, "n", ask) > 0
    assert len(asked) == 2
    contexts.close()


def test_an_erasure_ends_what_is_kept_of_the_facts(tmp_path: Path) -> None:
    shop = imported_shop(tmp_path, n=120)
    _limit(shop, 1_000_000)
    contexts = Contexts(shop.store, shop.lake, shop.clock, keeps_open=True)
    context = contexts.gather(shop.shop.shop_id, Brief())

    def someone(facts: Opened) -> str:
        return str(facts.profiles().person_id.min().to_pyarrow().as_py())

    with shop.store.read() as uow:
        tables = uow.versions.latest().tables
    first = contexts.read(context, "someone", someone)
    with shop.lake.open(tables) as view:
        people = view.raw("identities")
        records = people.filter(people.person_id == first).subject_id.to_pyarrow().to_pylist()
    forget_people(shop.lake, [first, *records])
    assert contexts.read(context, "someone", someone) > first
    contexts.close()
    shop.store.close()
