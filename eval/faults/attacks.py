"""Attacks on single messages: each changes a row, a person, the plan's standing or the clock after the decision."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pyarrow as pa

from agent.planning.context import PlanContext
from memory.domain.certificate import SEAL_DIGITS, sealed, sealing_key
from memory.domain.principal import Grant
from memory.store.assignments import AssignmentRow
from memory.store.engine import Store
from memory.store.instants import to_micros
from memory.store.outbox import OutboxRow

from .world import KEY, SHOP, figures_of

NOBODY = datetime(1970, 1, 1)  # noqa: DTZ001  stands for no instant yet


@dataclass
class Case:
    """What an attack may change."""

    store: Store
    plan: Any
    rows: list[dict[str, Any]]
    chance: Random
    context: PlanContext
    at: datetime = field(default=NOBODY)

    def change(self, **columns: Any) -> None:
        """Change a column of every row."""
        for row in self.rows:
            row.update(columns)

    def people(self, **columns: Any) -> None:
        """Change what is known of every person."""
        ids = [row["person_id"] for row in self.rows]
        table = pa.table({"person_id": ids, **{name: [value] * len(ids) for name, value in columns.items()}})
        with self.store.unit_of_work() as uow:
            uow.person_state.upsert(SHOP.shop_id, table)


Attack = Callable[[Case], None]


def no_certificate(case: Case) -> None:
    """Write a row by hand."""
    case.change(certificate="")


def foreign_seal(case: Case) -> None:
    """Seal with a key of one's own."""
    for row in case.rows:
        row["certificate"] = sealed(sealing_key(b"somebody else's key"), row["certificate"][SEAL_DIGITS:])


def swapped(case: Case) -> None:
    """Use the certificate of another message."""
    texts = [row["certificate"] for row in case.rows]
    for row, text in zip(case.rows, [*texts[1:], texts[0]], strict=True):
        row["certificate"] = text


def edited(case: Case) -> None:
    """Change one character of the certificate."""
    for row in case.rows:
        text = row["certificate"]
        at = case.chance.randrange(len(text))
        row["certificate"] = text[:at] + ("0" if text[at] != "0" else "1") + text[at + 1 :]


def false_slack(case: Case) -> None:
    """State more room than there is, under the right seal."""
    for row in case.rows:
        body = json.loads(row["certificate"][SEAL_DIGITS:])
        body["limits"][-1]["slack"] += 1
        text = json.dumps(body, sort_keys=True, separators=(",", ":"))
        row["certificate"] = sealed(sealing_key(KEY), text)


def left_out_limit(case: Case) -> None:
    """Leave a limit out, under the right seal."""
    for row in case.rows:
        body = json.loads(row["certificate"][SEAL_DIGITS:])
        body["limits"].pop(0)
        text = json.dumps(body, sort_keys=True, separators=(",", ":"))
        row["certificate"] = sealed(sealing_key(KEY), text)


def as_receipt(case: Case) -> None:
    """Call it transactional, so that consent and hours need not be asked."""
    case.change(message_class="transactional")
    case.people(consent_email=False, consent_sms=False, consent_push=False)


def offer_as_receipt(case: Case) -> None:
    """Send an offer as an order confirmation."""
    case.change(message_class="transactional", message_kind="order_confirmation", template="order_confirmation@1")


def other_kind(case: Case) -> None:
    """Say something else than was decided."""
    case.change(message_kind="thank_you_page")


def other_template(case: Case) -> None:
    """Use other words than were decided."""
    case.change(template="viral_blast@1")


def other_offer(case: Case) -> None:
    """Hang an offer on care."""
    case.change(offer_id=case.chance.choice(case.plan.offers).id)


def other_person(case: Case) -> None:
    """Turn a message to somebody who has no arm."""
    case.change(person_id="p99999")


def revoked(case: Case) -> None:
    """Take every consent back after the decision."""
    case.people(consent_email=False, consent_sms=False, consent_push=False)


def suppressed(case: Case) -> None:
    """Put the addresses on the suppression list after the decision."""
    case.people(is_suppressed_email=True, is_suppressed_sms=True, is_suppressed_push=True)


def erased(case: Case) -> None:
    """Erase the people after the decision."""
    case.people(is_erased=True)


def withheld(case: Case) -> None:
    """Include the control group."""
    with case.store.unit_of_work() as uow:
        for row in case.rows:
            key = (SHOP.shop_id, case.plan.holdout.experiment_id, row["person_id"])
            arm = uow.session.get_one(AssignmentRow, key)
            arm.arm = "control"
            uow.session.add(arm)


def at_three(case: Case) -> None:
    """Hand off at three in the morning."""
    case.at = case.at.replace(hour=2) + timedelta(days=1)
    case.change(send_at=to_micros(case.at))


def moved_east(case: Case) -> None:
    """Add a candidate zone in which it is night."""
    case.people(zones=["Europe/Berlin", "Pacific/Auckland"])


def full_cap(case: Case) -> None:
    """Send one more than the cap holds."""
    for row in case.rows:
        fields = {name: value for name, value in row.items() if name != "at"}
        olds = [
            OutboxRow(**{**fields, "send_key": f"{row['send_key']}{n}"}, state="sent",
                      claimed_at=to_micros(case.at - timedelta(days=n)))
            for n in range(4)
        ]  # fmt: skip
        with case.store.unit_of_work() as uow:
            uow.session.add_all(olds)


def just_bought(case: Case) -> None:
    """Send an offer to somebody who has just ordered."""
    case.people(last_order_at=case.at - timedelta(days=1))


def strange_tongue(case: Case) -> None:
    """Write in a language nobody allowed."""
    case.change(language="it")


def stopped(case: Case) -> None:
    """Go on after the plan was stopped."""
    with case.store.unit_of_work() as uow:
        uow.plans.set_status(case.plan.id, "stopped")


def other_limits(case: Case) -> None:
    """Go on under guardrails that nobody approved."""
    with case.store.unit_of_work() as uow:
        looser = case.context.guardrails.model_copy(update={"recent_buyer_days": 0})
        uow.guardrails.put(SHOP.shop_id, looser, by="mia", at=case.at)


def demoted(case: Case) -> None:
    """Go on with the approval of somebody who lost the role."""
    with case.store.unit_of_work() as uow:
        uow.principals.revoke("ana", Grant(shop_id=SHOP.shop_id, role="approver"))


def broke(case: Case) -> None:
    """Spend what the plan has no more."""
    with case.store.unit_of_work() as uow:
        uow.budget_ledger.reserve(case.plan.id, uow.budget_ledger.remaining_millis(case.plan.id))


def dear_offer(case: Case) -> None:
    """Make an offer whose margin is gone at the costs of now."""
    margins: dict[str, float | None] = {"shoes": 0.01, "coats": 0.01, "socks": 0.01}
    with case.store.unit_of_work() as uow:
        uow.figures.put(figures_of(case.context).model_copy(update={"margins": margins, "gifts": {}}))


def expired_offer(case: Case) -> None:
    """Make an offer after its last day."""
    case.at += timedelta(days=60)
    case.change(due_at=to_micros(case.at), send_at=to_micros(case.at))


def no_intent(case: Case) -> None:
    """Decide for a state of intent without saying which: the certificate is ours, and silent."""
    _intend(case, None)


def wrong_intent(case: Case) -> None:
    """Certify a state that the step is not for."""
    _intend(case, "")


def moved_on(case: Case) -> None:
    """Certify the state that the step is for, of people who did nothing."""
    _intend(case, "explore")


def _intend(case: Case, state: str | None) -> None:
    """Seal every row anew with this state of intent as of its decision."""
    rule = next(step.audience for step in case.plan.steps() if step.id == case.rows[0]["step_id"])
    for row in case.rows:
        body = json.loads(row["certificate"][SEAL_DIGITS:])
        then = {"as_of": body["decided_at"], "rule": rule.model_dump(mode="json"), "state": state}
        body["intent"] = None if state is None else then
        row["certificate"] = sealed(sealing_key(KEY), json.dumps(body, sort_keys=True, separators=(",", ":")))


ATTACKS: tuple[Attack, ...] = (
    no_certificate, foreign_seal, swapped, edited, false_slack, left_out_limit, as_receipt, offer_as_receipt,
    other_kind, other_template, other_offer, other_person, revoked, suppressed, erased, withheld, at_three, moved_east,
    full_cap, just_bought, strange_tongue, stopped, other_limits, demoted, broke, dear_offer, expired_offer,
    no_intent, wrong_intent, moved_on,
)  # fmt: skip
"""Every way there is."""
OFFERED: tuple[Attack, ...] = (offer_as_receipt, just_bought, dear_offer, expired_offer)
"""Attacks on messages that carry an offer."""
INTENDED: tuple[Attack, ...] = (no_intent, wrong_intent, moved_on)
"""Attacks on messages that are for a state of intent."""
