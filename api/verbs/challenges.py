"""Challenges: set, list, what is handed in, and what people decide about it."""

from typing import TYPE_CHECKING, Literal

from memory.domain.base import Count, Frozen
from memory.domain.challenge import Challenge, RightsConsent, Sent, Submission, SubmissionState
from memory.domain.errors import InvalidInput

from .acting import Acting

if TYPE_CHECKING:
    from agent.community.challenges import HandedIn, Intake

Decision = Literal["accepted", "refused"]


def read(text: str) -> Challenge:
    """Read a challenge from YAML or JSON; raises `InvalidInput` that names every wrong field."""
    from agent.community.challenges import read_challenge

    return read_challenge(text)


def put(acting: Acting, wanted: Challenge) -> Challenge:
    """Set a challenge, or change the one of its id; for people only. Logged."""
    acting.require_person("guardrail")
    now, by = acting.app.clock.now(), acting.principal.id
    with acting.write("challenge.set", f"challenge:{wanted.id}", shop_id=acting.shop_id) as uow:
        uow.challenges.put(acting.shop_id, wanted, by, now)
    return wanted


def challenges(acting: Acting) -> tuple[Challenge, ...]:
    """Give every challenge of the shop, by name."""
    acting.require("read")
    with acting.app.store.read() as uow:
        return uow.challenges.all(acting.shop_id)


def submit(acting: Acting, challenge_id: str, person_id: str, sent: Sent) -> "Intake":
    """Take what somebody hands in; `code` says how it ended. It waits for a person."""
    from agent.community.challenges import HandedIn

    return _take(acting, challenge_id, (HandedIn(person_id=person_id, sent=sent),))[0]


def submit_file(acting: Acting, challenge_id: str, text: str) -> "tuple[Intake, ...]":
    """Take what a CSV file hands in, row by row; people are named by pseudonym, e-mail, number or customer id."""
    from agent.community.submission_rows import read_submissions
    from agent.rights.finding import UnknownPerson, find_person

    acting.require("intake")
    with acting.app.store.read() as uow:

        def find(named: str) -> str | None:
            try:
                return find_person(uow, acting.app.key, acting.shop_id, named)
            except UnknownPerson:
                return None

        rows = read_submissions(text, find)
    return _take(acting, challenge_id, rows)


class ChallengeCount(Frozen):
    """A challenge and how much was handed in to it."""

    challenge: Challenge
    """The challenge."""
    n_waiting: Count
    """Submissions that wait for a person."""
    n_accepted: Count
    """Accepted ones, whether they may be used or not."""
    n_usable: Count
    """Accepted ones whose makers consent to their use."""
    n_refused: Count
    """Refused ones."""


def counted(acting: Acting) -> tuple[ChallengeCount, ...]:
    """Give every challenge of the shop with its submissions counted, the one that ends last first."""
    acting.require("read")
    with acting.app.store.read() as uow:
        found, counts = uow.challenges.all(acting.shop_id), uow.challenges.counts(acting.shop_id)

    def n_of(challenge: Challenge, state: SubmissionState, *, usable: bool = False) -> int:
        without = 0 if usable else counts.get((challenge.id, state, False), 0)
        return without + counts.get((challenge.id, state, True), 0)

    newest = sorted(found, key=lambda one: (one.ends_on, one.starts_on, one.id), reverse=True)
    return tuple(
        ChallengeCount(
            challenge=one, n_waiting=n_of(one, "waiting"), n_accepted=n_of(one, "accepted"),
            n_usable=n_of(one, "accepted", usable=True), n_refused=n_of(one, "refused"),
        )
        for one in newest
    )  # fmt: skip


def submissions(
    acting: Acting,
    challenge_id: str,
    state: SubmissionState | None = None,
    *,
    usable: bool = False,
    most: int | None = None,
) -> tuple[Submission, ...]:
    """Give what was handed in to a challenge; with `usable` only what a person accepted and its maker consents to.

    `most` gives so many of them, the oldest.
    """
    acting.require("read")
    with acting.app.store.read() as uow:
        uow.challenges.get(acting.shop_id, challenge_id)
        return uow.challenges.submissions(acting.shop_id, challenge_id, state, usable=usable, most=most)


def decide(acting: Acting, submission_id: str, decision: Decision, why: str = "") -> Submission:
    """Accept or refuse what waits, once; a refusal says why. For people only. Logged."""
    acting.require_person("plan")
    if decision == "refused" and not why.strip():
        raise InvalidInput(what="a refusal", why="it says no reason", remedy="Say why.")
    now, by = acting.app.clock.now(), acting.principal.id
    with acting.write(f"challenge.{decision}", f"submission:{submission_id}", shop_id=acting.shop_id) as uow:
        return uow.challenges.decide(acting.shop_id, submission_id, decision, by, now, why.strip())


def set_rights(acting: Acting, submission_id: str, rights: RightsConsent | None) -> Submission:
    """Keep that its maker consents to the use of a submission, or takes that back. Logged."""
    acting.require("intake")
    action = "challenge.rights_given" if rights else "challenge.rights_taken_back"
    detail = {"source": rights.source} if rights else {}
    with acting.write(action, f"submission:{submission_id}", shop_id=acting.shop_id, **detail) as uow:
        return uow.challenges.set_rights(acting.shop_id, submission_id, rights)


def _take(acting: Acting, challenge_id: str, rows: "tuple[HandedIn, ...]") -> "tuple[Intake, ...]":
    from agent.community.challenges import hand_in, markets_of

    acting.require("intake")
    app, now = acting.app, acting.app.clock.now()
    with app.store.read() as uow:
        shop = uow.shops.get(acting.shop_id)
        markets = markets_of(uow, app.lake, shop, [one.person_id for one in rows if one.person_id], now)
    with app.store.unit_of_work() as uow:
        return hand_in(uow, shop, challenge_id, rows, markets)
