"""A9: what counts as signed. Twilio's own documented example, and Standard Webhooks' library as the other side."""

from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook

from tools.hooks.signatures import is_from_provider, is_from_twilio

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
OLD, NEW = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_" + "C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
BODY = b'{"type":"delivered"}'


def headers(*secrets: str, at: datetime = NOW, body: bytes = BODY, event_id: str = "e1") -> dict[str, str]:
    signatures = [Webhook(secret).sign(event_id, at, body.decode()) for secret in secrets]
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def test_a9_the_example_of_twilio_s_documentation_holds() -> None:
    """twilio.com/docs/usage/security: token 12345, this address and form give this signature."""
    form = [
        ("Digits", "1234"),
        ("To", "+18005551212"),
        ("From", "+14158675310"),
        ("Caller", "+14158675310"),
        ("CallSid", "CA1234567890ABCDE"),
    ]
    url, signature = "https://example.com/myapp.php?foo=1&bar=2", "L/OH5YylLD5NRKLltdqwSvS0BnU="
    assert is_from_twilio("12345", url, form, signature)
    assert not is_from_twilio("12345", url, [*form[1:], ("Digits", "1235")], signature)
    assert not is_from_twilio("12345", url + "&x=1", form, signature)
    assert not is_from_twilio("12346", url, form, signature)
    assert not is_from_twilio("12345", url, form, "")
    assert not is_from_twilio("", url, form, signature)


def test_a9_two_signatures_and_two_secrets_allow_rotation() -> None:
    assert is_from_provider([OLD], headers(OLD), BODY, NOW)
    assert is_from_provider([OLD], headers(NEW, OLD), BODY, NOW)
    assert is_from_provider([OLD, NEW], headers(NEW), BODY, NOW)
    assert not is_from_provider([OLD], headers(NEW), BODY, NOW)
    assert not is_from_provider([], headers(OLD), BODY, NOW)


@pytest.mark.parametrize(("minutes", "is_good"), [(-4.9, True), (4.9, True), (-5.1, False), (5.1, False), (-10, False)])
def test_a9_five_minutes_are_the_tolerance(minutes: float, is_good: bool) -> None:
    at = NOW + timedelta(minutes=minutes)
    assert is_from_provider([OLD], headers(OLD, at=at), BODY, NOW) is is_good


@pytest.mark.parametrize(
    "changes",
    [
        {"webhook-id": "e2"},
        {"webhook-id": ""},
        {"webhook-timestamp": "1768478401"},
        {"webhook-timestamp": "now"},
        {"webhook-timestamp": "9" * 30},
        {"webhook-timestamp": "-1"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v1,ü"},
        {"webhook-signature": "v2,abc"},
    ],
)
def test_a9_anything_changed_is_not_signed(changes: dict[str, str]) -> None:
    assert not is_from_provider([OLD], headers(OLD) | changes, BODY, NOW)
    assert not is_from_provider([OLD], headers(OLD), BODY + b" ", NOW)
