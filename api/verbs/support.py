"""Support: find a person by address or order, say why they got a message, stop everything. Nothing else."""

from typing import TYPE_CHECKING

from memory.domain.base import Frozen
from memory.domain.errors import InvalidInput, NotFound
from memory.domain.market import Channel
from memory.store.message_history import PastMessage
from tools.identity.keys import address_key
from tools.identity.normalise import normalise_email, normalise_phone

from .acting import Acting

if TYPE_CHECKING:
    from agent.consents.answering import Answer
    from memory.store.unit_of_work import UnitOfWork

PUSH: tuple[Channel, ...] = ("email", "sms", "push")


class ChannelState(Frozen):
    """What may be sent on one channel."""

    channel: Channel
    """Which."""
    is_consented: bool
    """Whether the person agreed."""
    is_suppressed: bool
    """Whether the address is on the suppression list."""


class FoundPerson(Frozen):
    """A person as far as support has to know."""

    person_id: str
    """The pseudonym; other support steps take it."""
    language: str
    """Language of their messages; empty where it is not known."""
    market: str
    """Their market; empty where it is not known."""
    channels: tuple[ChannelState, ...]
    """What may be sent."""


class WhyMessage(Frozen):
    """One message with the reason for it."""

    message: PastMessage
    """What was sent, or why not."""
    plan_title: str
    """The plan it belongs to."""
    why: str
    """Why the step is in the plan, in words."""
    chosen_reason: str
    """Why this was chosen for the person; empty where the decision is not kept."""
    guardrail_version: str
    """The guardrails it was decided and approved under."""
    approval_id: str
    """The approval that let it go; empty where there is none."""
    approved_by: str
    """Who approved it."""


class Stopped(Frozen):
    """What stopping changed."""

    person_id: str
    """The person."""
    channels: tuple[Channel, ...]
    """Channels that are closed now."""


def find(acting: Acting, text: str) -> tuple[FoundPerson, ...]:
    """Give whose e-mail address, phone number or order number in the shop is exactly this; logged.

    Addresses are looked up by keyed hash, and no address is in the answer.
    """
    from agent.reports.order_owner import people_of_order

    acting.require("contact")
    asked, region = text.strip(), acting.shop().home_market
    normal = normalise_email(asked) if "@" in asked else normalise_phone(asked, region)
    is_number = "@" not in asked and any(letter.isdigit() for letter in asked)
    if normal is None and not is_number:
        raise InvalidInput(
            what="the search", why="it is no e-mail address, no phone number and no order number",
            remedy="Write all of one",
        )  # fmt: skip
    key = address_key(acting.app.key, normal or asked)
    ordered = people_of_order(acting.app, acting.shop_id, asked) if is_number else frozenset()
    with acting.write("support.find", f"address:{key[:12]}") as uow:
        subjects = uow.contacts.subjects_with(acting.shop_id, [key]) if normal else ()
        people = set(uow.identities.people_of([*subjects, *ordered]).values())
        return _found(uow, acting.shop_id, sorted(people))


def answer(acting: Acting, person_id: str, language: str = "") -> "Answer":
    """Write why the person got their last message, with the consent's source, in their language or the one named."""
    from agent.consents.answering import answer as written
    from agent.consents.proof import consent_proof

    acting.require("contact")
    with acting.write("support.answer", f"person:{person_id}") as uow:
        person = _known(uow, acting, person_id)
        messages = uow.message_history.of(acting.shop_id, uow.identities.subjects_of([person])[person])
        theirs = _found(uow, acting.shop_id, [person])[0].language
    proof = consent_proof(acting.app, acting.shop_id, person, acting.app.clock.now())
    return written(acting.shop(), theirs, messages, proof.channels, language)


def answer_languages() -> tuple[str, ...]:
    """Give the languages an answer can be written in."""
    from agent.consents.answering import languages

    return languages()


def why(acting: Acting, person_id: str) -> tuple[WhyMessage, ...]:
    """Give the person's messages in the shop, newest first, each with its decision, approval and template; logged."""
    acting.require("contact")
    with acting.write("support.why", f"person:{person_id}") as uow:
        person = _known(uow, acting, person_id)
        messages = uow.message_history.of(acting.shop_id, uow.identities.subjects_of([person])[person])
        told = {plan_id: _plan_facts(uow, plan_id) for plan_id in {message.plan_id for message in messages}}
    reasons = _reasons(acting, person, messages)
    return tuple(_why(message, told[message.plan_id], reasons) for message in messages)


def stop_all(acting: Acting, person_id: str, note: str = "") -> Stopped:
    """Take every consent back and suppress every address of the person in the shop; the next claim sees it."""
    acting.require("contact")
    now = acting.app.clock.now()
    with acting.write("support.stop", f"person:{person_id}", note=note[:500]) as uow:
        person = _known(uow, acting, person_id)
        for channel in PUSH:
            uow.consents.revoke(acting.shop_id, person, channel, now, "support", f"support {acting.principal.id}")
    return Stopped(person_id=person, channels=PUSH)


def _found(uow: "UnitOfWork", shop_id: str, people: list[str]) -> tuple[FoundPerson, ...]:
    states = {row["person_id"]: row for row in uow.person_state.get(shop_id, people).to_pylist()}
    contacts = uow.contacts.by_person(shop_id, people)
    return tuple(
        FoundPerson(
            person_id=person,
            language=states.get(person, {}).get("language")
            or (contacts[person].language if person in contacts else ""),
            market=states.get(person, {}).get("market") or "",
            channels=tuple(
                ChannelState(
                    channel=channel,
                    is_consented=bool(states.get(person, {}).get(f"consent_{channel}")),
                    is_suppressed=bool(states.get(person, {}).get(f"is_suppressed_{channel}")),
                )
                for channel in PUSH
            ),
        )
        for person in people
    )


def _known(uow: "UnitOfWork", acting: Acting, person_id: str) -> str:
    """Give the person of the id, merges followed; raise `NotFound` for whoever the shop does not know."""
    person = uow.identities.person_of(person_id)
    is_here = uow.person_state.get(acting.shop_id, [person]).num_rows or person in uow.contacts.by_person(
        acting.shop_id, [person]
    )
    if not is_here:
        raise NotFound(kind="person", id=person_id)
    return person


class _PlanFacts(Frozen):
    title: str
    whys: dict[str, str]
    guardrail_version: str
    approval_id: str
    approved_by: str


def _plan_facts(uow: "UnitOfWork", plan_id: str) -> _PlanFacts:
    from agent.planning.explaining import explain

    try:
        plan = uow.plans.get(plan_id).plan
    except NotFound:
        return _PlanFacts(title="", whys={}, guardrail_version="", approval_id="", approved_by="")
    approval = next((one for one in uow.approvals.of_plan(plan_id) if one.decided_by), None)
    return _PlanFacts(
        title=plan.title,
        whys={step.id: explain(plan, step.id, "en") for step in plan.steps()},
        guardrail_version=plan.guardrail_version,
        approval_id=approval.id if approval else "",
        approved_by=approval.decided_by if approval else "",
    )


def _reasons(acting: Acting, person: str, messages: tuple[PastMessage, ...]) -> dict[tuple[str, str], str]:
    """Give why each (plan, step) was chosen for the person, from the lake's decisions."""
    if not messages:
        return {}
    batches = {message.batch_id for message in messages}
    app = acting.app
    with app.store.read() as uow:
        tables = uow.versions.latest().tables | uow.batches.lake_versions()
    with app.lake.open(tables, [acting.shop_id]) as view:
        table = view.raw("decisions")
        mine = table.filter((table.person_id == person) & table.batch_id.isin(sorted(batches)))
        rows = mine.select("plan_id", "step_id", "chosen_reason").to_pyarrow().to_pylist()
    return {(row["plan_id"], row["step_id"]): row["chosen_reason"] or "" for row in rows}


def _why(message: PastMessage, plan: _PlanFacts, reasons: dict[tuple[str, str], str]) -> WhyMessage:
    return WhyMessage(
        message=message,
        plan_title=plan.title,
        why=plan.whys.get(message.step_id, ""),
        chosen_reason=reasons.get((message.plan_id, message.step_id), ""),
        guardrail_version=plan.guardrail_version,
        approval_id=plan.approval_id,
        approved_by=plan.approved_by,
    )
