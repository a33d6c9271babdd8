"""Codes at the claim: a message whose offer gives one leaves with the code that the shop confirmed, or it waits.

Codes are set aside for the messages of a batch that passed every other check, and written in the claim's own
transaction: who reads a batch twice finds what the first reading kept.
"""

import base64
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from memory.domain.codes import CodeSource, code_key, gives_code, grant_id, terms_of
from memory.domain.offer import Offer
from memory.store.codes import CodeGrantRow
from memory.store.unit_of_work import UnitOfWork

from .checks import Verdict
from .facts import ClaimFacts
from .words import needs_code

CODE_HEAD = "SO-"
CODE_BYTES = 10
"""80 bits in sixteen letters and digits: nobody guesses a code, and a person can type one."""
SOON, LATER = timedelta(seconds=30), timedelta(minutes=10)
"""How long a message waits for a shop that was just asked, and for what a person has to set right."""
WAITS, NONE_LEFT, REFUSED, NO_SOURCE = "code_waits", "no_codes_left", "code_refused", "no_code_source"
WAITING = frozenset({WAITS, NONE_LEFT, REFUSED, NO_SOURCE})
"""Why a message with a code waits; its row says it."""
Wanted = tuple[str, str, str, str]
"""Plan, step, offer and the person it is for now."""


class BatchCodes:
    """The codes of one batch: those that people have, and those it sets aside."""

    def __init__(self, uow: UnitOfWork, shop_id: str, key: bytes, facts: ClaimFacts, now: datetime) -> None:
        """Read nothing yet; the people of the batch are held by this transaction."""
        self._uow, self._shop_id, self._key, self._facts, self._now = uow, shop_id, key, facts, now
        self._known: dict[Wanted, Any] = {}
        self._free: dict[str, list[str]] = {}
        self._made: list[CodeGrantRow] = []
        self._short: dict[tuple[str, str], Offer] = {}
        self._why: dict[str, str] = {}
        self._source: CodeSource | None = None

    def read(self, rows: Sequence[Any]) -> "BatchCodes":
        """Read the grants of these messages' people, and as many free codes as they may want."""
        wanted = [(row, offer) for row in rows if (offer := self._offer(row)) is not None]
        if not wanted:
            return self
        self._source = self._uow.code_sources.get(self._shop_id)
        people = sorted({person for row, _ in wanted if (person := self._person(row)) is not None})
        owner = {
            subject: person
            for person, subjects in self._uow.identities.subjects_of(people).items()
            for subject in subjects
        }
        for grant in self._uow.codes.of_people(self._shop_id, {row.plan_id for row, _ in wanted}, owner):
            place = (grant.plan_id, grant.step_id, grant.offer_id, owner[grant.person_id])
            if place not in self._known or grant.id < self._known[place].id:  # two records that were merged since
                self._known[place] = grant
        if self._source is not None and self._source.kind == "pool":
            self._look_into_pool(wanted)
        return self

    def of(self, row: Any) -> str | Verdict:
        """Give the code a message carries, none (empty) where it carries none, or why it waits."""
        found = self._code_of(row)
        why = found.reason if isinstance(found, Verdict) else ""
        if why != row.reason and (why or row.reason in WAITING):
            self._why[row.send_key] = why
        return found

    def _code_of(self, row: Any) -> str | Verdict:
        offer = self._offer(row)
        if offer is None:
            return ""
        place = (row.plan_id, row.step_id, row.offer_id, self._facts.person_of[row.person_id])
        grant = self._known.get(place) or self._grant(place, offer)
        if isinstance(grant, Verdict):
            return grant
        if grant.state == "confirmed":
            return str(grant.code)
        return self._wait(WAITS, SOON) if grant.state == "reserved" else self._wait(REFUSED, LATER)

    def give_back(self, row: Any) -> None:
        """Let go of what was just set aside for a message that does not leave after all."""
        offer = self._offer(row)
        if offer is None:
            return
        place = (row.plan_id, row.step_id, row.offer_id, self._facts.person_of[row.person_id])
        made = self._known[place]
        if made in self._made:
            self._made.remove(made)
            del self._known[place]
            if made.source == "pool":
                self._free[terms_of(offer)].insert(0, made.code)

    def confirmed(self, row: Any) -> str | None:
        """Give the code of a message that was claimed before; none where it needs one that is not there any more."""
        offer = self._offer(row)
        if offer is None:
            return ""
        place = (row.plan_id, row.step_id, row.offer_id, self._facts.person_of[row.person_id])
        grant = self._known.get(place)
        return str(grant.code) if grant is not None and grant.state == "confirmed" else None

    def write(self) -> None:
        """Keep what was set aside, and tell people of offers whose codes ran out."""
        self._uow.codes.grant(self._made)
        self._uow.outbox.explain(self._why)
        for (plan_id, _), offer in sorted(self._short.items(), key=lambda one: one[0]):
            tell_none_left(self._uow, self._shop_id, plan_id, offer, self._source, self._now)

    def _grant(self, place: Wanted, offer: Offer) -> Any:
        plan_id, _, offer_id, _ = place
        if not gives_code(self._source, offer):
            self._short[(plan_id, offer_id)] = offer
            return self._wait(NO_SOURCE, LATER)
        assert self._source is not None, "none gives no code"
        if self._source.kind == "shopify":
            code, state = self._own(place), "reserved"
        elif free := self._free.get(terms_of(offer)):
            code, state = free.pop(0), "confirmed"  # the shop made it before it was imported
        else:
            self._short[(plan_id, offer_id)] = offer
            return self._wait(NONE_LEFT, LATER)
        made = CodeGrantRow(
            id=grant_id(self._shop_id, *place), shop_id=self._shop_id, plan_id=plan_id, step_id=place[1],
            offer_id=offer_id, person_id=place[3], source=self._source.kind, code=code, code_key=code_key(code),
            state=state, reserved_at=self._now, settled_at=self._now if state == "confirmed" else None,
        )  # fmt: skip
        self._made.append(made)
        self._known[place] = made
        return made

    def _own(self, place: Wanted) -> str:
        """Give the code we ask for: the same for the same grant, whoever asks when."""
        text = "\x1f".join(("second-order/offer-code@1", self._shop_id, *place)).encode()
        word = base64.b32encode(hmac.digest(self._key, text, "sha256")[:CODE_BYTES]).decode().rstrip("=")
        return CODE_HEAD + word

    def _look_into_pool(self, wanted: Sequence[tuple[Any, Offer]]) -> None:
        counts: dict[str, tuple[Offer, int]] = {}
        for _, offer in wanted:
            terms = terms_of(offer)
            before, n = counts.get(terms, (offer, 0))
            last = max((before, offer), key=lambda one: one.limits.valid_until)
            counts[terms] = (last, n + 1)
        for terms, (offer, n) in counts.items():
            self._free[terms] = self._uow.codes.free(self._shop_id, terms, offer.limits.valid_until, n)

    def _offer(self, row: Any) -> Offer | None:
        if row.plan_id in self._facts.shadows:
            return None
        return needs_code(row, self._facts.plans[row.plan_id][0])

    def _person(self, row: Any) -> str | None:
        return self._facts.person_of.get(row.person_id)

    def _wait(self, reason: str, wait: timedelta) -> Verdict:
        return Verdict("hold", reason, self._now + wait)


def tell_none_left(
    uow: UnitOfWork, shop_id: str, plan_id: str, offer: Offer, source: CodeSource | None, now: datetime
) -> None:
    """Raise an alert about an offer without codes: once, and again when later codes ran out as well."""
    title = uow.plans.get(plan_id).plan.title
    if source is None or source.kind != "pool" or not gives_code(source, offer):
        why = "the shop's source of codes does not give it any more. Set the source again, or stop the plan."
    else:
        n_all = uow.codes.level(shop_id, terms_of(offer), offer.limits.valid_until).n_all
        why = f"all {n_all} imported codes that hold until its last day are given out. Import more of them."
    told = f"Messages with the offer {offer.id} of the plan {title!r} wait: {why}"
    uow.alerts.add(shop_id, "codes_missing", f"offer:{plan_id}/{offer.id}", told, now)
