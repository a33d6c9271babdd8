from datetime import UTC, datetime, timedelta

from memory.domain.circuit import FIRST_REST, LONGEST_REST, OPENS_AFTER, Circuit

NOW = datetime(2026, 12, 1, tzinfo=UTC)


def failed(n: int) -> Circuit:
    circuit = Circuit()
    for _ in range(n):
        circuit = circuit.failed("down", NOW)
    return circuit


def test_a6_it_opens_at_the_fifth_failure_in_a_row_and_a_success_starts_again() -> None:
    assert failed(OPENS_AFTER - 1).state == "closed"
    assert failed(OPENS_AFTER).state == "open"
    assert failed(OPENS_AFTER - 1).worked() == Circuit()


def test_a6_rests_double_up_to_half_an_hour_and_are_spread() -> None:
    circuit, rests = failed(OPENS_AFTER), []
    for _ in range(12):
        assert circuit.until is not None
        rests.append(circuit.until - NOW)
        circuit = circuit.at(circuit.until).failed("down", NOW)
    assert FIRST_REST * 0.75 <= rests[0] <= FIRST_REST
    assert all(rest <= LONGEST_REST for rest in rests)
    assert rests[-1] >= LONGEST_REST * 0.75
    assert rests == sorted(rests) or max(rests) <= LONGEST_REST
    salted = {Circuit(n_failures=4).failed("down", NOW, salt=salt).until for salt in "abc"}
    assert len(salted) == 3


def test_a6_it_half_opens_when_its_rest_is_over_and_not_before() -> None:
    circuit = failed(OPENS_AFTER)
    assert circuit.until is not None
    assert circuit.at(circuit.until - timedelta(microseconds=1)).state == "open"
    assert circuit.at(circuit.until).state == "half_open"
    assert circuit.at(circuit.until).failed("again", NOW).state == "open"
