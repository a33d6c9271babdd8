"""Reading decisions: the lake's rows of one decision, put together with the words they name and the message's state."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import ibis.expr.types as ir

from agent.tick.messages import send_key
from memory.domain.errors import NotFound
from memory.lake.lake import Lake
from memory.lake.view import LakeView
from memory.store.engine import Store
from tools.copywriting import CopyFacts, copy_hash, render, words_name
from tools.copywriting.facts import Copy

from .decision_record import ChannelOption, CopyOption, DecisionLine, DecisionRecord, SubjectOption, TimeOption

NOT_DRAWN, NOT_CHOSEN, OTHER_LANGUAGE = "not_drawn", "not_chosen", "other_language"
MAX_LISTED = 200


def list_decisions(
    store: Store, lake: Lake, shop_id: str, *, person_id: str = "", plan_id: str = "", limit: int = 50
) -> tuple[DecisionLine, ...]:
    """Give the newest decisions of a shop, of one person or plan where named; at most `MAX_LISTED`."""
    with store.read() as uow:
        versions = uow.batches.lake_versions()
        members = sorted(uow.identities.subjects_of([person_id])[person_id]) if person_id else []
    with lake.open(versions, [shop_id]) as view:
        rows = view.raw("decisions")
        if members:
            rows = rows.filter(rows.person_id.isin(members))
        if plan_id:
            rows = rows.filter(rows.plan_id == plan_id)
        newest = rows.order_by([rows.slot_at.desc(), rows.decision_id]).limit(min(limit, MAX_LISTED))
        found = newest.select(*DecisionLine.model_fields).to_pyarrow().to_pylist()
    return tuple(DecisionLine(**row) for row in found)


def decision_record(store: Store, lake: Lake, shop_id: str, decision_id: str) -> DecisionRecord:
    """Give one decision of the shop; raise `NotFound` where no batch holds it."""
    with store.read() as uow:
        versions, shop = uow.batches.lake_versions(), uow.shops.get(shop_id)
    with lake.open(versions, [shop_id]) as view:
        found = _rows(view.raw("decisions"), decision_id=decision_id)
        if not found:
            raise NotFound(kind="decision", id=decision_id)
        decision = found[0]
        options = _rows(view.raw("decision_options"), batch_id=decision["batch_id"], decision_id=decision_id)
        times = _times(view, decision, {option["channel"] for option in options})
        words = _rows(view.raw("decision_subjects"), batch_id=decision["batch_id"], template=decision["template"] or "")
    state, reason, kind = _message(store, decision)
    channel = next((option["channel"] for option in options if option["option_id"] == decision["chosen"]), "")
    kept = {name: "" if decision[name] is None else decision[name] for name in _COPIED}
    return DecisionRecord(
        **kept,
        currency=shop.currency,
        channels=_channels(decision, options),
        times=tuple(_time(row, decision, channel) for row in times),
        subjects=_subjects(decision, words),
        copies=_copies(decision, words, kind, shop.name, channel),
        state=state,
        state_reason=reason,
    )


_COPIED = (
    "decision_id", "batch_id", "plan_id", "slot_at", "person_id", "cohort", "arm", "step_id", "is_fallback", "chosen",
    "chosen_reason", "is_explored", "propensity", "guardrail_version", "market", "zone",
)  # fmt: skip


def _rows(table: ir.Table, **equal: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (
        table.filter(*(table[name] == value for name, value in equal.items())).to_pyarrow().to_pylist()
    )
    return found


def _times(view: LakeView, decision: dict[str, Any], channels: set[str]) -> list[dict[str, Any]]:
    names = ("batch_id", "plan_id", "step_id", "is_fallback", "zone", "market")
    if decision["zone"] is None:
        return []
    rows = _rows(view.raw("decision_times"), **{name: decision[name] for name in names})
    return sorted((row for row in rows if row["channel"] in channels), key=lambda row: (row["channel"], row["at"]))


def _message(store: Store, decision: dict[str, Any]) -> tuple[str, str, str]:
    """Give the message's state, the reason, and the kind of the step."""
    with store.read() as uow:
        plan = uow.plans.get(decision["plan_id"]).plan
        key = send_key(plan, decision, decision["is_fallback"])
        row = uow.outbox.get(key) if decision["chosen"] != "none" else None
    kind = next((step.kind for step in plan.steps() if step.id == decision["step_id"]), "")
    return (row.state, row.reason, kind) if row else ("", "", kind)


def _channels(decision: dict[str, Any], options: Sequence[dict[str, Any]]) -> tuple[ChannelOption, ...]:
    shared = ("channel", "offer_id", "propensity", "effect_mean", "effect_sd", "effect_source", "value_millis",
              "cost_millis")  # fmt: skip
    found = []
    for row in options:
        is_chosen = row["option_id"] == decision["chosen"]
        reasons = (decision["chosen_reason"],) if is_chosen else tuple(row["reasons"] or ()) or (NOT_CHOSEN,)
        found.append(ChannelOption(**{name: row[name] for name in shared}, is_chosen=is_chosen, reasons=reasons))
    if not options:
        return ()
    is_chosen = decision["chosen"] == "none"
    rest = decision["propensity"] if is_chosen else max(0.0, 1 - sum(one.propensity for one in found))
    nothing = ChannelOption(
        channel="none",
        offer_id="",
        is_chosen=is_chosen,
        reasons=(decision["chosen_reason"] if is_chosen else NOT_CHOSEN,),
        propensity=min(1.0, round(rest, 12)),
        effect_mean=0.0,
        effect_sd=0.0,
        effect_source="none",
        value_millis=0,
        cost_millis=0,
    )
    return (*found, nothing)


def _time(row: dict[str, Any], decision: dict[str, Any], channel: str) -> TimeOption:
    drawn, is_own = decision["hour_no"], row["channel"] == channel
    taken = row["is_chosen"] if drawn is None else row["hour_no"] == drawn
    is_chosen = taken and is_own
    reasons = () if is_chosen and drawn else tuple(row["reasons"])
    if row["is_chosen"] and not is_own:
        reasons = (*reasons, "channel_not_chosen")
    elif drawn is not None and is_own and row["hour_no"] in decision["hour_choices"] and not is_chosen:
        reasons = ("hour_not_drawn",)
    return TimeOption(
        channel=row["channel"],
        at=row["at"],
        local=local_words(row["at"], decision["zone"]),
        is_chosen=is_chosen,
        reasons=reasons,
        propensity=decision["hour_propensity"] if is_chosen and drawn is not None else None,
    )


def local_words(at: datetime, zone: str) -> str:
    """Give weekday and minute on a zone's clock."""
    return at.astimezone(ZoneInfo(zone)).strftime("%a %H:%M")


def _subjects(decision: dict[str, Any], words: Sequence[dict[str, Any]]) -> tuple[SubjectOption, ...]:
    """Give the lines of the person's language; what was drawn is on the decision, the words are on the batch."""
    of_language = sorted(
        (row for row in words if row["language"] == decision["language"]), key=lambda row: row["subject_no"]
    )
    drawn, is_sent = decision["subject_no"], decision["chosen"] != "none"
    why = (NOT_DRAWN,) if drawn is not None else ("no_subject_on_channel",) if is_sent else ("nothing_sent",)
    return tuple(
        SubjectOption(
            number=row["subject_no"],
            words=row["subject"],
            is_chosen=row["subject_no"] == drawn,
            reasons=() if row["subject_no"] == drawn else why,
            propensity=row["propensity"] if drawn is not None else 0.0,
        )
        for row in of_language
    )


def _copies(
    decision: dict[str, Any], words: Sequence[dict[str, Any]], kind: str, shop: str, channel: str
) -> tuple[CopyOption, ...]:
    hashes = {row["language"]: row["copy_hash"] for row in words}
    found = []
    for language, recorded in sorted(hashes.items()):
        is_chosen = language == decision["language"] and decision["chosen"] != "none"
        why = "nothing_sent" if language == decision["language"] else OTHER_LANGUAGE
        text = _text(decision, language, recorded, kind, shop, channel) if is_chosen else ""
        found.append(
            CopyOption(
                template=decision["template"],
                language=language,
                is_chosen=is_chosen,
                reasons=() if is_chosen else (why,),
                copy_hash=recorded,
                text=text,
            )
        )
    return tuple(found)


def _text(decision: dict[str, Any], language: str, recorded: str, kind: str, shop: str, channel: str) -> str:
    name = words_name(decision["template"], kind)
    if copy_hash(name, language) != recorded:
        return ""
    facts = CopyFacts(shop=shop, url="https://shop.example.invalid/")
    copy = render(name, language, facts, channel, decision["subject_no"] or 0)  # type: ignore[arg-type]
    return copy.text if isinstance(copy, Copy) else ""
