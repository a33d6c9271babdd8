"""Ambassadors at work: candidates with their score explained, invitations with four eyes, what their friends order."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa

from memory.domain.ambassador import Ambassador, OwnProposal
from memory.domain.base import Count, Frozen, MinorUnits
from memory.domain.errors import InvalidInput
from memory.domain.market import Shop
from memory.domain.principal import Principal
from memory.lake.view import LakeView
from memory.store.ambassadors import OPEN
from memory.store.unit_of_work import UnitOfWork
from tools.community.score import TERMS, TermId, referred_orders, scores
from tools.loyalty import terms_of
from tools.loyalty.programmes import in_force

WEIGHTS = "invented weights, not measured: they say whom to look at first"
"""Said beside every score."""


class ScoreTerm(Frozen):
    """One part of a score."""

    term: TermId
    """What is counted."""
    n: Count
    """How many there are."""
    n_counted: Count
    """How many of them count."""
    points_each: Count
    """Points for one."""
    points: Count
    """What it adds."""


class Candidate(Frozen):
    """Somebody who might make an ambassador."""

    person_id: str
    """The pseudonym."""
    score: Count
    """The sum of the terms."""
    terms: tuple[ScoreTerm, ...]
    """What it is made of."""


class CandidatePage(Frozen):
    """Some of the candidates, the highest score first."""

    n_all: Count
    """How many buyers there are that are not proposed, invited or ambassadors."""
    start: Count
    """How many come before the first of these."""
    candidates: tuple[Candidate, ...]
    """The candidates."""
    label: str = WEIGHTS
    """What the score is."""


class AmbassadorOrders(Frozen):
    """What an ambassador's friends ordered since they said yes."""

    person_id: str
    """The pseudonym."""
    n_friends: Count
    """Friends who were new and bought."""
    n_orders: Count
    """Their purchases from the referral on."""
    net_minor: MinorUnits
    """What these came to after refunds, in the shop's currency."""


def candidates(view: LakeView, uow: UnitOfWork, shop: Shop, at: datetime, start: int, n: int) -> CandidatePage:
    """Give `n` candidates from `start` on, worked out over all buyers in one query."""
    taken = [one.person_id for one in uow.ambassadors.all(shop.shop_id) if one.state in OPEN]
    known = view.present(view.memory_table("taken_already", pa.table({"person_id": pa.array(taken, pa.string())})))
    found = _scored(view, uow, shop, at).anti_join(known, "person_id")
    rows = found.order_by(found.score.desc(), "person_id").to_pyarrow()
    some = tuple(_candidate(row) for row in rows.slice(start, n).to_pylist())
    return CandidatePage(n_all=rows.num_rows, start=start, candidates=some)


def explained(view: LakeView, uow: UnitOfWork, shop: Shop, person_id: str, at: datetime) -> Candidate:
    """Give one buyer's score with its terms; raise `InvalidInput` for who never bought."""
    known = explain(view, uow, shop, [person_id], at)
    if not known:
        raise InvalidInput(what=f"person {person_id}", why="they never bought here", remedy="Name a buyer.")
    return known[0]


def explain(
    view: LakeView, uow: UnitOfWork, shop: Shop, person_ids: Sequence[str], at: datetime
) -> tuple[Candidate, ...]:
    """Give the scores of these people with their terms, the highest first; who never bought is missing."""
    people, found = set(uow.identities.people_of(person_ids).values()), _scored(view, uow, shop, at)
    named = found.filter(found.person_id.isin(sorted(people)))
    rows = named.order_by(named.score.desc(), "person_id").to_pyarrow().to_pylist() if people else []
    return tuple(_candidate(row) for row in rows)


def propose(uow: UnitOfWork, shop: Shop, candidate: Candidate, by: str, at: datetime) -> Ambassador:
    """Propose somebody; nobody is invited by it. Raise `Conflict` where they are proposed, invited or one already."""
    person = uow.identities.person_of(candidate.person_id)
    records = uow.identities.subjects_of([person])[person]
    return uow.ambassadors.propose(shop.shop_id, person, records, by, at)


def decide(
    uow: UnitOfWork, shop: Shop, principal: Principal, person_id: str, *, approve: bool, at: datetime
) -> Ambassador:
    """Approve or refuse the invitation of who was proposed; no machine may, and nobody their own proposal.

    Raise `NotPermitted`, `OwnProposal`, `NotFound`, or `Conflict` for all but the first decision.
    """
    principal.require("approve", shop.shop_id)
    before = uow.ambassadors.get(shop.shop_id, person_id)
    if before.proposed_by == principal.id:
        raise OwnProposal(principal=principal.id, person=person_id)
    told = {"decided_by": principal.id, "decided_at": at}
    return uow.ambassadors.move(shop.shop_id, person_id, ("proposed",), "invited" if approve else "refused", **told)


def ambassador_orders(view: LakeView, uow: UnitOfWork, shop: Shop, at: datetime) -> tuple[AmbassadorOrders, ...]:
    """Give what the friends of everybody who said yes ordered since, most first."""
    found = referred_orders(view, shop, uow.ambassadors.since(shop.shop_id), at)
    rows = found.order_by(found.net_minor.desc(), "ambassador_id").to_pyarrow().to_pylist()
    return tuple(AmbassadorOrders(person_id=row.pop("ambassador_id"), **row) for row in rows)


def _scored(view: LakeView, uow: UnitOfWork, shop: Shop, at: datetime) -> ir.Table:
    term = in_force(terms_of(uow.loyalty.history(shop.shop_id), shop), at)
    return scores(view, shop, term.programme if term else None, uow.challenges.accepted(shop.shop_id), at)


def _candidate(row: dict[str, Any]) -> Candidate:
    terms = []
    for one in TERMS:
        n, counted = row[f"n_{one.id}"], min(row[f"n_{one.id}"], one.most)
        points = counted * one.points_each
        terms.append(ScoreTerm(term=one.id, n=n, n_counted=counted, points_each=one.points_each, points=points))
    return Candidate(person_id=row["person_id"], score=row["score"], terms=tuple(terms))
