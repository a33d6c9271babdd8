"""Challenges at work: what is handed in is checked against days and markets, and waits for a person (S1-31)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from agent.written import checked, fields_of
from memory.domain.base import Frozen
from memory.domain.challenge import Challenge, Sent, Submission
from memory.domain.errors import InvalidInput
from memory.domain.market import Shop
from memory.lake.lake import Lake
from memory.store.unit_of_work import UnitOfWork
from tools.profile import build_profiles

IntakeCode = Literal["taken", "already_submitted", "outside_its_days", "other_market", "unknown_person"]
"""How handing in ends."""


class Intake(Frozen):
    """What came of handing something in."""

    code: IntakeCode
    """How it ended."""
    submission: Submission | None
    """What is kept; null where nothing is."""


class HandedIn(Frozen):
    """Somebody and what they hand in."""

    person_id: str | None
    """The pseudonym; null where nobody is known by what was written."""
    sent: Sent
    """What."""


def read_challenge(text: str) -> Challenge:
    """Read a challenge from YAML or JSON; raise `InvalidInput` that names every wrong field."""
    return checked(Challenge, fields_of(text, _unusable), _unusable)


def markets_of(
    uow: UnitOfWork, lake: Lake, shop: Shop, person_ids: Sequence[str], at: datetime
) -> dict[str, tuple[str, str]]:
    """Give whom each pseudonym is now and their market: before anybody has to wait. Who is unknown is missing."""
    people = uow.identities.people_of(sorted(set(person_ids)))
    records = {record for ones in uow.identities.subjects_of(set(people.values())).values() for record in ones}
    with lake.open(uow.versions.latest().tables, [shop.shop_id], subjects=records) as view:
        rows = build_profiles(view, shop, at).select("person_id", "market").to_pyarrow().to_pylist()
    known = {row["person_id"]: row["market"] for row in rows}
    return {given: (person, known[person]) for given, person in people.items() if person in known}


def hand_in(
    uow: UnitOfWork,
    shop: Shop,
    challenge_id: str,
    handed_in: Sequence[HandedIn],
    markets: Mapping[str, tuple[str, str]],
) -> tuple[Intake, ...]:
    """Keep what people handed in, in order; each waits for a person. Callers own the transaction.

    A post that is there stays as it is, whoever hands it in again. Days are those of the shop.
    """
    challenge = uow.challenges.get(shop.shop_id, challenge_id)
    return tuple(_one(uow, shop, challenge, one, markets.get(one.person_id or "")) for one in handed_in)


def _one(uow: UnitOfWork, shop: Shop, challenge: Challenge, one: HandedIn, known: tuple[str, str] | None) -> Intake:
    if known is None:
        return Intake(code="unknown_person", submission=None)
    person, market = known
    day = one.sent.submitted_at.astimezone(ZoneInfo(shop.zone)).date()
    if not challenge.starts_on <= day <= challenge.ends_on:
        return Intake(code="outside_its_days", submission=None)
    if market not in challenge.markets:
        return Intake(code="other_market", submission=None)
    kept, is_new = uow.challenges.add(shop.shop_id, challenge.id, person, one.sent)
    return Intake(code="taken" if is_new else "already_submitted", submission=kept)


def _unusable(why: str) -> InvalidInput:
    remedy = "It states id, title, rules, hashtag, starts_on, ends_on and markets; see docs/community.md."
    return InvalidInput(what="the challenge", why=why, remedy=remedy)
