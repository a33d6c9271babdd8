"""A delivery is kept once, sealed, whatever id it carries."""

import pytest
from cryptography.exceptions import InvalidTag

from tests.factories.live import Live, order
from tools.live.accept import binding
from tools.live.sealing import seal, unseal


def test_a9_the_same_delivery_twice_is_one(live: Live) -> None:
    first = live.hook("orders/create", order(), "w-1")
    again = live.hook("orders/create", order(), "w-1")
    assert (first.is_repeat, again.is_repeat) == (False, True)
    assert first.id == again.id
    assert live.states() == {"waiting": 1}


def test_a9_a_replay_under_a_coming_id_keeps_the_real_one_in(live: Live) -> None:
    """The id is not signed: an old body under a new id must not take the new delivery's place."""
    live.hook("orders/create", order(1), "w-1")
    live.hook("orders/create", order(1), "w-2")
    assert not live.hook("orders/create", order(2), "w-2").is_repeat
    assert live.flush().n_rows == 3
    assert len(live.rows("orders")) == 2


def test_d8_what_waits_is_sealed_and_forgotten_when_done(live: Live) -> None:
    live.hook("orders/create", order())
    with live.store.read() as uow:
        (row,) = uow.inbox.latest(live.shop.shop_id, 10)
    assert b"Nordmann" not in row.body
    assert b"Nordmann" in unseal(live.key, binding(row.shop_id, row.source, row.delivery_id), row.body)
    live.flush()
    with live.store.read() as uow:
        (row,) = uow.inbox.latest(live.shop.shop_id, 10)
    assert (row.state, row.body) == ("done", b"")


def test_a_sealed_text_opens_only_where_it_belongs(key: bytes) -> None:
    sealed = seal(key, "here", b"content")
    assert unseal(key, "here", sealed) == b"content"
    assert seal(key, "here", b"content") != sealed
    for wrong in ((b"another key", "here", sealed), (key, "there", sealed), (key, "here", sealed[:-1] + b"?")):
        with pytest.raises(InvalidTag):
            unseal(*wrong)
