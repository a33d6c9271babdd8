"""Unsubscribe tokens: scoped, unguessable, and nothing but the original is accepted."""

import pytest

from tools.links.unsubscribe import InvalidToken, read_token, token, unsubscribe_url

KEY = b"a key for tests only, 32 bytes.."


def test_d7_a_token_gives_back_its_scope() -> None:
    found = read_token(KEY, token(KEY, "nord", "p1", "email"))
    assert (found.shop_id, found.person_id, found.channel) == ("nord", "p1", "email")
    assert unsubscribe_url("https://x.invalid/", KEY, "nord", "p1", "sms").startswith("https://x.invalid/unsubscribe/")


def test_d7_forged_cut_foreign_and_altered_tokens_are_refused() -> None:
    good = token(KEY, "nord", "p1", "email")
    other_key = token(b"another key for tests, 32 bytes.", "nord", "p1", "email")
    altered = [good[:i] + ("A" if good[i] != "A" else "B") + good[i + 1 :] for i in range(len(good) - 1)]
    for bad in ("", "x", good[:-4], good + "AAAA", other_key, "ü" * 20, *altered):
        with pytest.raises(InvalidToken):
            read_token(KEY, bad)
