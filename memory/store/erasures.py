"""Erasing a person in the store: what is kept is that nothing may be sent, under keyed hashes only."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import pyarrow as pa
from sqlalchemy import Text, cast, delete, or_, update
from sqlmodel import Session, SQLModel, col, select

from .ambassadors import AmbassadorRow
from .assignments import AssignmentRow
from .challenges import ChallengeSubmissionRow
from .chats import ChatRow
from .codes import CodeGrantRow
from .communities import CommunityInvitationRow
from .consents import ConsentEventRow, Consents, SuppressionRow
from .contacts import ContactRow
from .credits import CreditUseRow
from .early_access import EarlyClaimRow
from .first_touches import FirstTouchRow
from .identities import Identities, IdentityLinkRow, IdentityRow
from .imports import ImportRow
from .loyalty import LoyaltyBirthdayRow, LoyaltyRedemptionRow
from .member_invitations import MemberInvitationRow
from .order_mail import OrderMailRow
from .outbox import OutboxRow
from .outside_sends import OutsideSendRow
from .person_state import PersonState, PersonStateRow
from .preferences import PreferenceEventRow, PreferenceRow, RiskBandRow
from .sessions import SessionEventRow, SessionRow
from .slips import SlipHoldRow, SlipParcelRow
from .thanks import ThanksClickRow, ThanksOrderRow

IDS_PER_QUERY = 500
ERASED = "erased"
"""What stands in a message's row instead of the person."""


class Owned(NamedTuple):
    """A table whose rows are about people: gone with them, and in their copy."""

    row: Any
    """Its rows."""
    columns: tuple[str, ...]
    """Where they name people."""
    part: str = ""
    """Its part of a person's copy, row by row; empty where the copy says it in other words."""

    def of(self, subject_ids: Sequence[str]) -> Any:
        """Give what a statement has to ask for rows of these pseudonyms."""
        return or_(*(col(getattr(self.row, column)).in_(subject_ids) for column in self.columns))


OWNED: tuple[Owned, ...] = (
    Owned(ContactRow, ("subject_id",)),
    Owned(ConsentEventRow, ("person_id",)),
    Owned(PreferenceRow, ("person_id",)),
    Owned(PreferenceEventRow, ("person_id",)),
    Owned(RiskBandRow, ("person_id",)),
    Owned(OutsideSendRow, ("subject_id",), "outside_messages"),
    Owned(AssignmentRow, ("person_id",), "arms"),
    Owned(LoyaltyRedemptionRow, ("person_id",), "redemptions"),
    Owned(LoyaltyBirthdayRow, ("person_id",), "birthdays_given"),
    Owned(CreditUseRow, ("person_id",), "credit_uses"),
    Owned(CodeGrantRow, ("person_id",), "codes"),
    Owned(MemberInvitationRow, ("person_id",), "invitations"),
    Owned(CommunityInvitationRow, ("person_id",), "community_invitations"),
    Owned(ChallengeSubmissionRow, ("person_id",), "challenge_submissions"),
    Owned(AmbassadorRow, ("person_id",), "ambassador"),
    Owned(EarlyClaimRow, ("person_id",), "early_claims"),
    Owned(ThanksOrderRow, ("person_id",), "thanks_pages"),
    Owned(ThanksClickRow, ("person_id",), "thanks_clicks"),
    Owned(FirstTouchRow, ("person_id",), "first_touches"),
    Owned(SlipParcelRow, ("person_id",), "slipped_parcels"),
    Owned(SlipHoldRow, ("person_id",), "messages_held_for_parcels"),
    Owned(OrderMailRow, ("subject_id", "person_id"), "order_mails"),
    Owned(IdentityLinkRow, ("left_subject", "right_subject")),
    Owned(IdentityRow, ("subject_id", "person_id")),
)
"""What an erasure removes; messages and the state of people stay without them."""


class Erasures:
    """Finds what the store holds of a person, and removes it."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def subjects(self, person_id: str) -> set[str]:
        """Give every pseudonym under which the person is known, after merges, and those once linked to them."""
        identities = Identities(self._session)
        person = identities.person_of(person_id)
        return {person_id, person} | identities.subjects_of([person])[person]

    def shops(self, subject_ids: Iterable[str]) -> tuple[str, ...]:
        """Give the shops that hold anything of these pseudonyms."""
        ids, found = sorted(set(subject_ids)), set[str]()
        kept = (Owned(PersonStateRow, ("person_id",)), Owned(OutboxRow, ("person_id",)))
        for owned in (*OWNED, *kept):
            if "shop_id" in owned.row.model_fields:
                found.update(self._session.exec(select(owned.row.shop_id).where(owned.of(ids)).distinct()))
        return tuple(sorted(found))

    def address_keys(self, subject_ids: Iterable[str]) -> list[tuple[str, str, str]]:
        """Give (shop id, channel, address key) of all their addresses."""
        query = select(ContactRow).where(col(ContactRow.subject_id).in_(sorted(set(subject_ids))))
        found = [
            (row.shop_id, channel, key)
            for row in self._session.exec(query)
            for channel, key in (("email", row.email_key), ("sms", row.phone_key), ("push", row.push_key))
            if key
        ]
        return sorted(set(found))

    def literals(self, subject_ids: Iterable[str]) -> tuple[str, ...]:
        """Give what identifies them in free text: addresses, numbers, tokens and full names."""
        query = select(ContactRow).where(col(ContactRow.subject_id).in_(sorted(set(subject_ids))))
        found: set[str] = set()
        for row in self._session.exec(query):
            found.update((row.email, row.phone, row.push_token))
            if row.first_name and row.last_name:
                found.update((f"{row.first_name} {row.last_name}", f"{row.last_name} {row.first_name}"))
        return tuple(sorted(text for text in found if len(text) > 3))

    def erase(
        self, subject_ids: Iterable[str], shop_ids: Sequence[str], keys: Iterable[tuple[str, str, str]], at: datetime
    ) -> dict[str, int]:
        """Remove all rows of these pseudonyms; messages that wait end as `erased`. Give how many rows per table."""
        ids, counts = sorted(set(subject_ids)), dict[str, int]()
        for shop_id, channel, key in sorted(set(keys)):
            self._suppress_for_good(shop_id, channel, key, at)
        for shop_id in shop_ids:
            PersonState(self._session).upsert(shop_id, pa.table({"person_id": pa.array(ids, pa.string())}))
            for subject in ids:
                PersonState(self._session).erase(shop_id, subject)
        counts["outbox"] = self._end_messages(ids)
        for owned in OWNED:
            counts[str(owned.row.__tablename__)] = self._run(delete(owned.row).where(owned.of(ids)))
        self._session.expire_all()
        return {table: n for table, n in counts.items() if n}

    def scrub(self, literals: Sequence[str]) -> dict[str, int]:
        """Remove chats, recorded sessions and refused import rows whose text names one of these; count them."""
        if not literals:
            return {}
        sessions: set[str] = set(
            self._session.exec(select(SessionRow.id).where(self._names(literals, SessionRow, "head", "cassette")))
        )
        events = select(SessionEventRow.session_id).where(self._names(literals, SessionEventRow, "entry"))
        sessions |= set(self._session.exec(events))
        chats = delete(ChatRow).where(
            self._names(literals, ChatRow, "state") | col(ChatRow.session_id).in_(sorted(sessions))
        )
        counts = {"chat": self._run(chats)}
        self._run(delete(SessionEventRow).where(col(SessionEventRow.session_id).in_(sorted(sessions))))
        counts["session"] = self._run(delete(SessionRow).where(col(SessionRow.id).in_(sorted(sessions))))
        imports = update(ImportRow).where(self._names(literals, ImportRow, "rejected")).values(rejected=[])
        counts["import_record"] = self._run(imports)
        self._session.expire_all()
        return {table: n for table, n in counts.items() if n}

    def erased(self, shop_id: str) -> list[str]:
        """Give the pseudonyms that were erased in a shop: what a file says of them is left out."""
        query = select(PersonStateRow.person_id).where(
            PersonStateRow.shop_id == shop_id, col(PersonStateRow.is_erased).is_(True)
        )
        return sorted(self._session.exec(query))

    def _suppress_for_good(self, shop_id: str, channel: Any, key: str, at: datetime) -> None:
        Consents(self._session).suppress(key, channel, "erasure", at, "erasure", shop_id=shop_id)
        row = self._session.get(SuppressionRow, (shop_id, channel, key), populate_existing=True)
        assert row is not None
        row.reason, row.source = "erasure", "erasure"
        self._session.flush()

    def _end_messages(self, ids: Sequence[str]) -> int:
        theirs = col(OutboxRow.person_id).in_(ids)
        self._run(
            update(OutboxRow)
            .where(theirs, col(OutboxRow.state) == "planned")
            .values(state="suppressed", reason=ERASED)
        )  # fmt: skip
        return self._run(update(OutboxRow).where(theirs).values(person_id=ERASED, goods="", receipt="", zone=""))

    def _names(self, literals: Sequence[str], row: type[SQLModel], *columns: str) -> Any:
        """Say whether a column's text holds one of the literals, as written or as JSON escapes it."""
        forms = {form for text in literals for form in (text, json.dumps(text)[1:-1])}
        found = [
            cast(getattr(row, column), Text).contains(form, autoescape=True)
            for column in columns
            for form in sorted(forms)
        ]
        return or_(*found)

    def _run(self, statement: Any) -> int:
        return int(self._session.connection().execute(statement).rowcount)
