"""Klaviyo's CSV export of profiles. Columns are found by name in any case; only Email or Phone Number is needed."""

from memory.domain.market import Channel

from .csv_rows import Row, csv_rows
from .errors import RowRejected
from .fields import country, language, micros, zone
from .intake import UNDATED, Intake
from .text import clean

SOURCE = "klaviyo"
_STATUS = {"SUBSCRIBED": "granted", "TRUE": "granted", "UNSUBSCRIBED": "revoked", "FALSE": "revoked"}
_NEVER = frozenset({"", "NEVER_SUBSCRIBED", "NEVER SUBSCRIBED", "NO CONSENT"})
_REASON = {
    "HARD_BOUNCE": "hard_bounce", "INVALID_EMAIL": "hard_bounce", "SPAM_COMPLAINT": "complaint",
    "UNSUBSCRIBE": "unsubscribed", "USER_SUPPRESSED": "manual",
}  # fmt: skip
_CHANNELS: dict[Channel, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "email": ("email", ("email marketing consent", "email consent"), ("email suppressions",)),
    "sms": ("phone", ("sms marketing consent", "sms consent"), ("sms suppressions",)),
}
"""Per channel: the contact field, the consent column and the suppression column under the names seen."""


def read_csv(intake: Intake) -> None:
    """Read profiles; a suppression column in the header counts as the channel's suppression list."""
    for line, raw in csv_rows(intake.source, (), intake.reject):
        row = {name.strip().lower(): value for name, value in raw.items()}
        if line <= 2:
            _check_header(intake, row)
        try:
            _profile(intake, row)
        except RowRejected as error:
            intake.reject(line, str(error))


def _check_header(intake: Intake, row: Row) -> None:
    if not {"email", "phone number"} & row.keys():
        intake.source.refuse("columns are missing: Email or Phone Number", "Export profiles with their addresses", 1)
    for channel, (_, _, columns) in _CHANNELS.items():
        if any(name in row for name in columns):
            intake.listed_channels.add(channel)


def _profile(intake: Intake, row: Row) -> None:
    market = country(row.get("country"))
    email, phone = row.get("email", ""), row.get("phone number", "")
    addresses = {
        "email": intake.normal("email", email),
        "phone": intake.normal("phone", phone, market or intake.shop.home_market),
    }
    for channel, (address, _, columns) in _CHANNELS.items():
        if reason := _first(row, columns).strip().upper():
            at = _instant(_first(row, tuple(f"{name} timestamp" for name in columns)))
            when = at if at is not None else int(intake.at.timestamp() * 1_000_000)
            intake.suppress(addresses[address], channel, _REASON.get(reason.strip("[]'\""), "imported"), when)
    subject = intake.identify({"email": email, "phone": phone, "customer_id": row.get("external id")}, market or "")
    if subject is None:
        raise RowRejected("it has no usable e-mail, phone or external id")
    person = {"market": market, "language": language(row.get("locale")), "zone": zone(row.get("timezone"))}
    names = {"first_name": clean(row.get("first name", ""), 80), "last_name": clean(row.get("last name", ""), 80)}
    known = {"language": person["language"], "zone": person["zone"], "country": market}
    intake.contact(subject, {**addresses, **names, **known})
    intake.fact("people", SOURCE, subject, UNDATED, {"subject_id": subject, **person, "is_assumed": False})
    _consents(intake, subject, row)


def _consents(intake: Intake, subject: str, row: Row) -> None:
    for channel, (_, columns, suppressions) in _CHANNELS.items():
        if not any(name in row for name in columns):
            continue
        stated = _first(row, columns).strip().upper()
        status = _STATUS.get(stated, "never" if stated in _NEVER else "revoked")
        at = _instant(_first(row, tuple(f"{name} timestamp" for name in columns)))
        is_suppressed = bool(_first(row, suppressions).strip())
        intake.consent(
            subject, SOURCE, channel, status, "unknown", at, is_suppressed=is_suppressed, is_current=status == "revoked"
        )


def _first(row: Row, names: tuple[str, ...]) -> str:
    return next((row[name] for name in names if row.get(name, "").strip()), "")


def _instant(written: str) -> int | None:
    try:
        return micros(written) if written.strip() else None
    except RowRejected:
        return None
