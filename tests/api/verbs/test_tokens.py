"""Tokens of one's own."""

import pytest

from agent.assembly import App
from api.verbs import tokens
from memory.domain.errors import InvalidInput, NotFound, NotPermitted
from tests.api.verbs.acting import as_


def test_a_token_is_made_listed_without_it_and_ended(installation: App) -> None:
    mia, now = as_(installation, "mia", "marketer"), installation.clock.now()
    token = tokens.make(mia, 7, ("read",))
    (listed,) = tokens.mine(mia)
    assert (listed.scopes, (listed.expires_at - now).days) == (("read",), 7)
    assert token not in str(listed)
    with installation.store.read() as uow:
        scoped = uow.principals.by_token(token, now)
    assert scoped is not None
    with pytest.raises(NotPermitted):
        tokens.make(mia.__class__(app=installation, principal=scoped, shop_id=mia.shop_id), 7)
    with pytest.raises(NotFound):
        tokens.end(as_(installation, "eve", "marketer"), listed.id)
    tokens.end(mia, listed.id)
    assert tokens.mine(mia) == ()


def test_a_token_ends_some_day(installation: App) -> None:
    with pytest.raises(InvalidInput):
        tokens.make(as_(installation, "mia", "marketer"), 9_999)
