"""A permission without a time is unproven, and the market's policy decides (Germany blocks)."""

import pytest

from tests.factories.imports import CUSTOMER_COLUMNS, Intaker, write_csv, write_lines
from tests.factories.shop import a_shop

pytestmark = pytest.mark.slow


def customer(number: int, email: str, country: str) -> dict[str, str]:
    return {
        "Customer ID": f"'{number}", "Email": email, "Accepts Email Marketing": "yes", "Accepts SMS Marketing": "yes",
        "Phone": f"+4915112345{number:03d}", "Default Address Country Code": country,
    }  # fmt: skip


def by_market(intaker: Intaker) -> dict[str, tuple[bool, bool]]:
    return {row["market"]: (row["consent_email"], row["consent_sms"]) for row in intaker.state().values()}


def test_the_policy_of_the_market_decides_about_permissions_nobody_dated(intaker: Intaker) -> None:
    people = [
        customer(n, f"{country}@example.com".lower(), country) for n, country in enumerate(("DE", "US", "JP", "NO"))
    ]
    intaker("shopify-customers", write_csv(intaker.folder / "c.csv", CUSTOMER_COLUMNS, people))
    nothing = (False, False)
    assert by_market(intaker) == {"DE": nothing, "US": (True, False), "JP": nothing, "NO": nothing}


def test_a_dated_statement_proves_it_and_a_dated_refusal_ends_it(intaker: Intaker) -> None:
    intaker(
        "shopify-customers", write_csv(intaker.folder / "c.csv", CUSTOMER_COLUMNS, [customer(1, "a@example.com", "DE")])
    )
    stated = {"email": "a@example.com", "channel": "email", "method": "form"}
    intaker.consent({**stated, "at": "2025-12-01T10:00:00Z", "status": "granted"})
    assert by_market(intaker)["DE"] == (True, False)
    path = write_lines(intaker.folder / "r.jsonl", {**stated, "at": "2025-12-02T10:00:00Z", "status": "revoked"})
    intaker("consent", path)
    assert by_market(intaker)["DE"] == (False, False)


def test_an_address_two_people_share_is_one_address_however_it_is_spelled(intaker: Intaker) -> None:
    """B4: capitals, the dotted I and full-width digits give the key of the same box; so do 0044 and +44."""
    spellings = [
        ("Ann.İ@Example.com", "0044 7911 123456"), ("ann.i@example.com", "+44 7911 123456"),
        ("ANN.I@EXAMPLE.COM", "+44 ７９１１ １２３４５６"),
    ]  # fmt: skip
    keys = set()
    for number, (email, phone) in enumerate(spellings):
        row = {**customer(number, email, "GB"), "Phone": phone}
        intaker("shopify-customers", write_csv(intaker.folder / f"{number}.csv", CUSTOMER_COLUMNS, [row]))
        with intaker.store.read() as uow:
            people = list(intaker.state())
            found = uow.contacts.keys_of(a_shop().shop_id, people)
        keys |= {frozenset(pairs) for pairs in found.values()}
    assert len(keys) == 1
    assert {channel for channel, _ in next(iter(keys))} == {"email", "sms"}
