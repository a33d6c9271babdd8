"""Crashes between any two steps: no message with a code leaves unconfirmed, and no grant ever has two codes.

The journal of the provider and the codes of the shop live outside of the database: they are the oracle.
"""

import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.codes import confirm_codes
from agent.dispatch import codes as claim_codes
from memory.domain.clock import ManualClock
from memory.domain.codes import CodeSource
from memory.domain.message import Accepted, HandOff, ProviderKind, Rendered
from memory.faults import listen
from memory.store.engine import Store, open_store
from tests.factories.coded import POOL, SHOPIFY, CodedShop, a_coded_shop
from tools.codes import Declined, JobEnd, Made, NotNow
from tools.codes.shop import Worth

pytestmark = pytest.mark.slow
N_PEOPLE = 6
POINTS = ("K0", "K1", "K6", "K7", "K8", "K13", "K14")


class Crash(BaseException):
    """The process is gone: nothing after this point of it runs."""


class OddShop:
    """A shop that makes codes, loses answers in turn, and can be busy."""

    batch = 4

    def __init__(self, answers: Sequence[str]) -> None:
        self.codes: dict[str, str] = {}
        self.n_discounts = 0
        self._answers, self._n = tuple(answers) or ("ok",), 0
        self._jobs: list[list[str]] = []

    def _turn(self) -> str:
        self._n += 1
        return self._answers[self._n % len(self._answers)]

    def find(self, codes: Sequence[str]) -> Mapping[str, str] | NotNow:
        return (
            NotNow("busy") if self._turn() == "busy" else {one: self.codes[one] for one in codes if one in self.codes}
        )

    def create(self, worth: Worth, code: str) -> Made | Declined | NotNow:
        turn = self._turn()
        if turn == "busy":
            return NotNow("busy")
        if code in self.codes:
            return Declined("TAKEN", "taken")
        self.n_discounts += 1
        self.codes[code] = f"d{self.n_discounts}"
        return NotNow("answer lost") if turn == "lost" else Made(self.codes[code])

    def add(self, discount: str, codes: Sequence[str]) -> Made | Declined | NotNow:
        turn = self._turn()
        if turn == "busy":
            return NotNow("busy")
        self._jobs.append(list(codes))
        if turn == "lost":
            self._run(len(self._jobs) - 1, discount)
            return NotNow("answer lost")
        return Made(f"{len(self._jobs) - 1}/{discount}")

    def look(self, job: str) -> JobEnd | Declined | NotNow | None:
        if self._turn() != "ok":
            return None
        number, _, discount = job.partition("/")
        return self._run(int(number), discount)

    def close(self) -> None:
        """Nothing is open."""

    def _run(self, number: int, discount: str) -> JobEnd:
        fresh = [code for code in self._jobs[number] if code not in self.codes]
        self.codes |= dict.fromkeys(fresh, discount)
        taken = [code for code in self._jobs[number] if code not in fresh]
        return JobEnd(frozenset(fresh), dict.fromkeys(taken, "TAKEN"))


class Provider:
    """Takes everything and remembers which codes the shop had at that moment."""

    kind: ProviderKind = "keyed"
    name, is_live = "journal", False
    key_life: timedelta | None = None

    def __init__(self, known: Callable[[], set[str]]) -> None:
        self.at_hand_off: list[tuple[Rendered, set[str]]] = []
        self._known = known

    def hand_off(self, message: Rendered) -> HandOff:
        self.at_hand_off.append((message, self._known()))
        return Accepted(receipt="r", at=datetime(2026, 12, 29, 12, tzinfo=UTC))


class Bases(dict[str, tuple[Path, CodedShop]]):
    """A file with waiting messages per source; its words are short, as examples that fail are told with it."""

    def __repr__(self) -> str:
        return "bases"


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory, migrated_database: Path) -> Bases:
    """Files to copy for each example."""
    found = Bases()
    for source in (POOL, SHOPIFY):
        path = tmp_path_factory.mktemp("coded") / f"{source.kind}.db"
        shutil.copyfile(migrated_database, path)
        store = open_store(f"sqlite:///{path}")
        coded = a_coded_shop(store, source, N_PEOPLE)
        if source.kind == "pool":
            coded.fill_pool(*(f"NORD-{n:04d}" for n in range(N_PEOPLE + 2)))
        store.close()
        found[source.kind] = (path, coded)
    return found


def crashing(point: str, nth: int) -> Callable[[str], None]:
    left = [nth]

    def heard(passed: str) -> None:
        if passed == point:
            left[0] -= 1
            if left[0] == 0:
                raise Crash

    return heard


def work(store: Store, coded: CodedShop, shop: OddShop, provider: Provider, source: CodeSource) -> None:
    """What a worker's threads do in one round, one after the other."""
    now = CodedShop(store, coded.clock, coded.plan, coded.people)
    now.run(provider)
    if source.kind == "shopify":
        confirm_codes(store, shop, now.clock, "nord")


def play(
    base: tuple[Path, CodedShop], folder: Path, source: CodeSource, crashes: list[tuple[str, int]], answers: list[str]
) -> tuple[Provider, OddShop, CodedShop]:
    """Let workers come and go until nothing waits; each of them crashes at its point, the last ones do not."""
    path = folder / f"{uuid4().hex}.db"
    shutil.copyfile(base[0], path)
    coded = CodedShop(open_store(f"sqlite:///{path}"), ManualClock(base[1].clock.now()), base[1].plan, base[1].people)
    shop, pool = OddShop(answers), {f"NORD-{n:04d}" for n in range(N_PEOPLE + 2)}
    provider = Provider(lambda: set(shop.codes) if source.kind == "shopify" else pool)
    for crash in [*crashes, *[None] * 12]:
        listen(crashing(*crash) if crash else None, "test")
        try:
            work(coded.store, coded, shop, provider, source)
        except Crash:
            pass
        finally:
            listen(None, "test")
        if crash is None and coded.counts() == {("sent", ""): N_PEOPLE}:
            break
        coded.later(minutes=3)  # leases run out, waits are over
    return provider, shop, coded


def code_in(message: Rendered) -> str:
    found = [word for word in message.text.split() if word.startswith(("NORD-", "SO-"))]
    assert len(found) == 1, message.text
    return found[0]


def assert_codes_hold(provider: Provider, coded: CodedShop) -> None:
    for message, known in provider.at_hand_off:
        assert code_in(message) in known, "the shop did not have this code when it left"
    by_key: dict[str, set[str]] = {}
    for message, _ in provider.at_hand_off:
        by_key.setdefault(message.send_key, set()).add(code_in(message))
    assert all(len(codes) == 1 for codes in by_key.values()), "one grant with two codes"
    given = [next(iter(codes)) for codes in by_key.values()]
    assert len(set(given)) == len(given), "one code for two people"
    assert len(by_key) == N_PEOPLE, "everybody got theirs in the end"
    assert len(coded.grants()) == N_PEOPLE
    assert coded.counts() == {("sent", ""): N_PEOPLE}


crash_lists = st.lists(st.tuples(st.sampled_from(POINTS), st.integers(1, 4)), max_size=5)


@settings(max_examples=12)
@given(crashes=crash_lists)
def test_a1_a_crash_anywhere_gives_no_second_code_of_a_pool(
    bases: Bases, tmp_path: Path, crashes: list[tuple[str, int]]
) -> None:
    provider, _, coded = play(bases["pool"], tmp_path, POOL, crashes, [])
    assert_codes_hold(provider, coded)
    coded.store.close()


@settings(max_examples=20)
@given(crashes=crash_lists, answers=st.lists(st.sampled_from(("ok", "ok", "lost", "busy")), max_size=5))
def test_a1_a_crash_anywhere_lets_no_code_leave_that_the_shop_does_not_have(
    bases: Bases, tmp_path: Path, crashes: list[tuple[str, int]], answers: list[str]
) -> None:
    provider, shop, coded = play(bases["shopify"], tmp_path, SHOPIFY, crashes, ["ok", *answers, "ok"])
    assert_codes_hold(provider, coded)
    assert shop.n_discounts == 1
    assert set(shop.codes) == {grant["code"] for grant in coded.grants()}
    coded.store.close()


def test_the_property_sees_a_code_that_leaves_unconfirmed(
    bases: Bases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: a claim that takes what is set aside for what is confirmed."""

    def eager(self: claim_codes.BatchCodes, place: tuple[str, str, str, str], offer: object) -> object:
        made = real(self, place, offer)  # type: ignore[arg-type]
        made.state = "confirmed"
        return made

    real = claim_codes.BatchCodes._grant
    monkeypatch.setattr(claim_codes.BatchCodes, "_grant", eager)
    provider, _, coded = play(bases["shopify"], tmp_path, SHOPIFY, [], ["ok"])
    with pytest.raises(AssertionError, match="did not have this code"):
        assert_codes_hold(provider, coded)
    coded.store.close()
