"""The kind `klaviyo-profiles`: consent and suppression with method and time."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.factories.imports import Intaker, write_lines
from tools.ingest import FileRefused


def _profile(address: str, **subscriptions: Any) -> dict[str, Any]:
    attributes = {
        "email": address, "phone_number": "+15005550006", "external_id": "77", "first_name": "Ann", "locale": "en-US",
        "location": {"country": "United States", "timezone": "America/Chicago"}, "subscriptions": subscriptions,
    }  # fmt: skip
    return {"type": "profile", "id": "01H", "attributes": attributes}


def _marketing(consent: str, at: str | None, **more: Any) -> dict[str, Any]:
    return {"marketing": {"consent": consent, "consent_timestamp": at, "method": "FORM", "suppression": [], **more}}


GRANTED = _marketing("SUBSCRIBED", "2025-10-01T08:00:00+00:00", double_optin=True)


def _import(intaker: Intaker, *profiles: dict[str, Any], **page: Any) -> Any:
    path = intaker.folder / "page.json"
    path.write_text(json.dumps({"data": list(profiles), **page}))
    return intaker("klaviyo-profiles", path)


def test_consent_with_method_time_zone_and_language(intaker: Intaker) -> None:
    sms = _marketing("UNSUBSCRIBED", None, last_updated="2025-11-01T08:00:00+00:00")
    report = _import(intaker, _profile("ann@example.com", email=GRANTED, sms=sms))
    said = {row["channel"]: row for row in intaker.rows("consents")}
    assert report.n_rejected == 0
    assert (said["email"]["status"], said["email"]["method"]) == ("granted", "double_opt_in")
    assert said["email"]["event_at"] == datetime(2025, 10, 1, 8, tzinfo=UTC)
    assert (said["sms"]["status"], said["sms"]["method"]) == ("revoked", "form")
    (state,) = intaker.state().values()
    assert (state["consent_email"], state["consent_sms"], state["zones"]) == (True, False, ["America/Chicago"])


@pytest.mark.parametrize(
    ("reason", "kept"),
    [
        ("HARD_BOUNCE", "hard_bounce"),
        ("SPAM_COMPLAINT", "complaint"),
        ("USER_SUPPRESSED", "manual"),
        ("NEW", "imported"),
    ],
)
def test_a_suppression_is_kept_with_its_reason(intaker: Intaker, reason: str, kept: str) -> None:
    barred = _marketing("SUBSCRIBED", "2025-10-01T08:00:00+00:00",
                        suppression=[{"reason": reason, "timestamp": "2025-09-01T08:00:00+00:00"}])  # fmt: skip
    _import(intaker, _profile("ann@example.com", email=barred))
    (state,) = intaker.state().values()
    assert state["is_suppressed_email"] is True
    with intaker.store.read() as uow:
        assert uow.consents.suppressions(intaker.shop.shop_id)["reason"].to_pylist() == [kept]
        assert uow.consents.channel_ready(intaker.shop.shop_id, "email")
        assert not uow.consents.channel_ready(intaker.shop.shop_id, "sms")


def test_a_suppression_survives_everything_else_being_wrong(intaker: Intaker) -> None:
    barred = _marketing("SUBSCRIBED", "garbage", suppression=[{"reason": "HARD_BOUNCE", "timestamp": "garbage"}])
    profile = _profile("ann@example.com", email=barred)
    profile["attributes"]["first_name"] = {"a": 1}
    report = _import(intaker, profile)
    assert report.n_rejected == 1
    with intaker.store.read() as uow:
        assert uow.consents.n_suppressed(intaker.shop.shop_id) == {"email": 1}


def test_never_subscribed_is_no_refusal_of_another_system_s_permission(intaker: Intaker) -> None:
    intaker.consent({"email": "ann@example.com", "channel": "email", "status": "granted", "at": "2025-01-01T00:00:00Z"})
    _import(intaker, _profile("ann@example.com", email=_marketing("NEVER_SUBSCRIBED", None)))
    assert [row["consent_email"] for row in intaker.state().values()] == [True]


def test_pages_one_a_line_with_push_tokens(intaker: Intaker) -> None:
    token = {"type": "push-token", "id": "t", "attributes": {"token": "abc123"},
             "relationships": {"profile": {"data": {"type": "profile", "id": "01H"}}}}  # fmt: skip
    push = {"marketing": {"consent": "SUBSCRIBED", "consent_timestamp": "2025-10-01T08:00:00+00:00"}}
    page = {"data": [_profile("ann@example.com", mobile_push=push)], "included": [token]}
    intaker("klaviyo-profiles", write_lines(intaker.folder / "pages.jsonl", page))
    ((person, state),) = intaker.state().items()
    assert state["consent_push"] is True
    with intaker.store.read() as uow:
        assert uow.contacts.by_person(intaker.shop.shop_id, [person])[person].push_token == "abc123"


def test_the_csv_export(intaker: Intaker) -> None:
    path = intaker.folder / "export.csv"
    path.write_text(
        "Email,Phone Number,First Name,Last Name,Country,Email Marketing Consent,Email Marketing Consent Timestamp,"
        "Email Suppressions,SMS Marketing Consent\n"
        "ann@example.com,,Ann,E,Germany,SUBSCRIBED,2025-10-01T08:00:00+00:00,,NEVER_SUBSCRIBED\n"
        "bob@example.com,,Bob,E,Germany,SUBSCRIBED,2025-10-01T08:00:00+00:00,['SPAM_COMPLAINT'],\n"
        "cleo@example.com,,Cleo,E,Germany,UNSUBSCRIBED,,,\n"
        "nobody,,N,E,Germany,SUBSCRIBED,,,\n"
    )
    report = intaker("klaviyo-profiles", path)
    state = sorted((row["consent_email"], row["is_suppressed_email"]) for row in intaker.state().values())
    assert state == [(False, False), (True, False), (True, True)]
    assert [row.line for row in report.rejected] == [5]


def test_a_document_that_is_no_page_is_refused(intaker: Intaker) -> None:
    path = intaker.folder / "x.json"
    path.write_text("[1, 2]")
    with pytest.raises(FileRefused, match="no page of profiles"):
        intaker("klaviyo-profiles", path)
