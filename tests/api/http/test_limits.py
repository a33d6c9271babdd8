from typing import Any

import pytest

from api.http.limits import MAX_KEYS, Limiter, TooManyRequests, address_of


class Hand:
    """A clock in the hand."""

    def __init__(self) -> None:
        self.at = 1_000_000.0

    def __call__(self) -> float:
        return self.at


def test_d3_one_too_many_waits_and_then_goes_on() -> None:
    hand = Hand()
    limiter = Limiter(3, 60.0, hand)
    for _ in range(3):
        limiter.take("ann")
    with pytest.raises(TooManyRequests) as caught:
        limiter.take("ann")
    assert 1 <= int(str(caught.value.details["retry_after"])) <= 60
    limiter.take("bob")
    hand.at += 120
    limiter.take("ann")


def test_d3_a_burst_over_the_edge_of_a_window_gets_no_double_share() -> None:
    hand = Hand()
    hand.at = 60.0 * 1_000 + 59.0
    limiter = Limiter(10, 60.0, hand)
    for _ in range(10):
        limiter.take("ann")
    hand.at += 2.0
    with pytest.raises(TooManyRequests):
        for _ in range(2):
            limiter.take("ann")


def test_d3_memory_stays_bounded_whoever_asks() -> None:
    limiter = Limiter(5, 60.0, Hand())
    for number in range(MAX_KEYS + 500):
        limiter.take(f"address-{number}")
    assert len(limiter) == MAX_KEYS


def test_what_went_well_is_taken_back() -> None:
    limiter = Limiter(1, 60.0, Hand())
    limiter.take("ann")
    limiter.give_back("ann")
    limiter.take("ann")
    limiter.forget("ann")
    limiter.take("ann")
    with pytest.raises(TooManyRequests):
        limiter.require("ann")


def _scope(peer: str, forwarded: str = "") -> Any:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    return {"type": "http", "client": (peer, 1), "headers": headers}


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "wanted"),
    [
        ("203.0.113.9", "", "", "203.0.113.9"),
        ("203.0.113.9", "10.0.0.1", "", "203.0.113.9"),  # spoofed: nobody is trusted
        ("203.0.113.9", "10.0.0.1", "10.0.0.0/8", "203.0.113.9"),  # spoofed: not our proxy
        ("10.0.0.2", "198.51.100.7", "10.0.0.0/8", "198.51.100.7"),
        ("10.0.0.2", "1.1.1.1, 198.51.100.7", "10.0.0.0/8", "198.51.100.7"),  # the first one is the caller's word
        ("10.0.0.2", "198.51.100.7, 10.0.0.3", "10.0.0.0/8", "198.51.100.7"),
        ("10.0.0.2", "", "10.0.0.0/8", "10.0.0.2"),
        ("10.0.0.2", "not an address", "10.0.0.0/8", "not an address"),
        ("2001:db8:1:2:3::4", "", "", "2001:db8:1:2::/64"),
    ],
)
def test_d3_only_a_trusted_proxy_says_who_calls(peer: str, forwarded: str, trusted: str, wanted: str) -> None:
    assert address_of(_scope(peer, forwarded), trusted) == wanted
