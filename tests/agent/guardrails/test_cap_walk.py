import numpy as np

from agent.guardrails.cap_walk import DAY_MICROS, counted, walk
from memory.domain.guardrails import FrequencyCap


def _naive(
    people: list[int], at: list[int], rates: list[float], settled: list[bool], caps: list[FrequencyCap]
) -> list[bool]:
    held = [False] * len(people)
    kept: dict[int, list[int]] = {}
    for place in sorted(range(len(people)), key=lambda one: at[one]):
        mine = kept.setdefault(people[place], [])
        full = False
        for cap in caps:
            most = min(cap.max_messages, max(1, int(cap.max_messages * rates[place])))
            full |= sum(then > at[place] - cap.window_days * DAY_MICROS for then in mine) >= most
        held[place] = full and not settled[place]
        if not held[place]:
            mine.append(at[place])
    return held


def test_the_walk_over_everybody_at_once_agrees_with_a_walk_person_by_person() -> None:
    rng = np.random.default_rng(7)
    for n in (1, 40, 400):
        people = rng.integers(0, 1 + n // 8, n)
        at = np.sort(rng.choice(60 * DAY_MICROS, n, replace=False))
        order = rng.permutation(n)
        people, at = people[order], at[order]
        rates = rng.choice([0.3, 0.5, 1.0], n)
        settled = at < 10 * DAY_MICROS
        caps = [
            FrequencyCap(message_class="promotional", max_messages=int(rng.integers(0, 4)), window_days=7),
            FrequencyCap(message_class="promotional", max_messages=5, window_days=30),
        ]
        found = walk(people, at, rates, settled, caps).tolist()
        assert found == _naive(people.tolist(), at.tolist(), rates.tolist(), settled.tolist(), caps)


def test_a_slot_taken_exactly_one_window_ago_is_free_again() -> None:
    cap = [FrequencyCap(message_class="service", max_messages=1, window_days=7)]
    people, rates, settled = np.zeros(2, np.int64), np.ones(2), np.zeros(2, bool)
    assert walk(people, np.array([0, 7 * DAY_MICROS]), rates, settled, cap).tolist() == [False, False]
    assert walk(people, np.array([0, 7 * DAY_MICROS - 1]), rates, settled, cap).tolist() == [False, True]


def test_counted_counts_the_messages_of_the_same_person_in_the_window() -> None:
    day = DAY_MICROS
    people, at = np.array([0, 0, 0, 1]), np.array([0, 3 * day, 9 * day, 9 * day])
    found = counted(people, at, np.array([0, 0, 1, 2]), np.array([10 * day, 3 * day, 10 * day, 10 * day]), 7)
    assert found.tolist() == [1, 1, 1, 0]
    assert counted(people[:0], at[:0], people, at, 7).tolist() == [0, 0, 0, 0]
