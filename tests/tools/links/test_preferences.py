import pytest

from tools.links.preferences import OwnPage, confirm_url, page_token, preferences_url, read_page
from tools.links.unsubscribe import InvalidToken, read_token, token

KEY = b"k" * 32
PAGE = OwnPage(shop_id="nord", person_id="p1", channel="email", extra="key-1")


def test_a_link_opens_the_page_it_was_made_for_and_no_other() -> None:
    made = page_token(KEY, "preferences", PAGE)
    assert read_page(KEY, "preferences", made) == PAGE
    for purpose, text in (("confirm", made), ("preferences", token(KEY, "nord", "p1", "email"))):
        with pytest.raises(InvalidToken):
            read_page(KEY, purpose, text)  # type: ignore[arg-type]
    with pytest.raises(InvalidToken):
        read_token(KEY, made)
    with pytest.raises(InvalidToken):
        read_page(b"x" * 32, "preferences", made)


def test_d7_no_cut_or_changed_token_opens_anything() -> None:
    made = page_token(KEY, "preferences", PAGE)
    for place in range(0, len(made) - 4, 3):
        changed = made[:place] + ("A" if made[place] != "A" else "B") + made[place + 1 :]
        for bad in (changed, made[:place]):
            with pytest.raises(InvalidToken):
                read_page(KEY, "preferences", bad)


def test_addresses_stand_below_the_public_url() -> None:
    from datetime import UTC, datetime

    assert preferences_url("https://x.invalid/", KEY, "nord", "p1", "sms").startswith("https://x.invalid/preferences/")
    assert "/confirm/" in confirm_url("https://x.invalid", KEY, "nord", "p1", "sms", datetime(2026, 1, 1, tzinfo=UTC))
