"""The proof of consent: what a person permitted at an instant, who says so, in which words, and every statement."""

import html
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from memory.domain.base import Frozen, Instant
from memory.domain.canonical import content_hash
from memory.domain.market import Channel
from memory.store.consents import SuppressionRow
from tools.consent import ConsentPolicy, load_policies

from .choosing import CHANNELS

if TYPE_CHECKING:
    from agent.assembly import App
    from memory.store.unit_of_work import UnitOfWork

Standing = Literal["granted", "unproven", "pending", "lapsed", "revoked", "never", "none"]


class Statement(Frozen):
    """One statement, made through the product or imported."""

    channel: str
    """Where it permits messages."""
    purpose: str
    """What for."""
    status: str
    """Granted, revoked, never, or pending."""
    at: Instant | None
    """When it was made; none where nobody knows."""
    method: str
    """How."""
    source: str
    """Which form, file or system says so."""
    arrived_at: Instant | None = None
    """When an imported one was read."""
    wording_id: str = ""
    """Which text was shown."""
    wording: str = ""
    """The text."""
    wording_hash: str = ""
    """SHA-256 of the text."""
    valid_until: Instant | None = None
    """When it lapses by itself."""
    reason: str = ""
    """What the person gave as the reason for leaving."""


class ChannelProof(Frozen):
    """How one channel stood."""

    channel: Channel
    """The channel."""
    standing: Standing
    """What stood at the instant."""
    rests_on: Statement | None
    """The statement it rests on."""
    is_double: bool
    """Whether it was confirmed by a second opt-in."""
    suppressed: str
    """Why the address must not be contacted at that instant, or empty."""


class Proof(Frozen):
    """One person's consent in one shop at an instant."""

    shop_id: str
    """The shop."""
    shop_name: str
    """What customers call it."""
    person_id: str
    """The person's pseudonym."""
    addresses: dict[str, str]
    """Addresses it is about."""
    at: Instant
    """The instant it speaks of."""
    made_at: Instant
    """When this was drawn up."""
    channels: tuple[ChannelProof, ...]
    """Per channel."""
    statements: tuple[Statement, ...]
    """Everything that was said up to the instant, oldest first."""
    market: str
    """The person's market."""
    policy: ConsentPolicy
    """What the market's rules make of it; see `source` and `as_of`."""

    @property
    def digest(self) -> str:
        """SHA-256 over all of it but the time of drawing up: the same facts give the same digest."""
        return content_hash(self.model_dump(mode="json", exclude={"made_at"}))


def consent_proof(app: "App", shop_id: str, person_id: str, at: datetime) -> Proof:
    """Draw up what stood at an instant, from the ledger and the imported facts."""
    with app.store.read() as uow:
        shop = uow.shops.get(shop_id)
        subjects = sorted(uow.erasures.subjects(person_id))
        contact = uow.contacts.by_person(shop_id, [person_id]).get(person_id)
        states = uow.person_state.get(shop_id, [person_id]).to_pylist()
        own = [_own(event) for event in uow.consents.ledger(shop_id, person_id) if event.at <= at]
        suppressed = _suppressed(uow, shop_id, person_id, at)
        versions = uow.versions.latest().tables
    statements = [*own, *_imported(app, versions, shop_id, subjects, at)]
    statements.sort(key=lambda one: (one.at is not None, one.at or at, one.status != "granted"))
    market = states[0]["market"] if states else ""
    addresses = {"email": contact.email, "sms": contact.phone} if contact else {}
    return Proof(
        shop_id=shop_id,
        shop_name=shop.name,
        person_id=person_id,
        addresses={channel: address for channel, address in addresses.items() if address},
        at=at,
        made_at=app.clock.now(),
        channels=tuple(_channel(channel, statements, suppressed, at) for channel in CHANNELS),
        statements=tuple(statements),
        market=market,
        policy=load_policies().of(market),
    )


def _own(event: Any) -> Statement:
    return Statement(**event.model_dump(exclude={"send_key"}), wording_hash=event.wording_hash)


def _imported(app: "App", versions: dict[str, int], shop_id: str, subjects: list[str], at: datetime) -> list[Statement]:
    """Give the facts that had arrived by then; those exported from the ledger itself stand there already."""
    with app.lake.open(versions, [shop_id]) as view:
        rows = view.raw("consents")
        rows = rows.filter(rows.subject_id.isin(subjects), rows.source != "product")
        found = rows.filter(rows.event_at <= at, rows.arrived_at <= at).order_by("event_at", "revision")
        facts = found.to_pyarrow().to_pylist()
    return [
        Statement(
            channel=fact["channel"],
            purpose=fact["purpose"],
            status=fact["status"],
            at=fact["event_at"] if fact["event_at"].timestamp() > 0 else None,
            method=fact["method"],
            source=f"import {fact['source']}",
            arrived_at=fact["arrived_at"],
        )
        for fact in facts
    ]


def _suppressed(uow: "UnitOfWork", shop_id: str, person_id: str, at: datetime) -> dict[str, str]:
    found = {}
    for channel, key in uow.contacts.keys_of(shop_id, [person_id]).get(person_id, set()):
        row = uow.session.get(SuppressionRow, (shop_id, channel, key))
        if row is not None and row.at <= at:
            found[channel] = row.reason
    return found


def _channel(channel: Channel, statements: list[Statement], suppressed: dict[str, str], at: datetime) -> ChannelProof:
    said = [one for one in statements if one.channel == channel and one.purpose == "marketing"]
    settled = [one for one in said if one.status != "pending"]
    last = settled[-1] if settled else None
    standing: Standing = "none"
    if last is None:
        standing = "pending" if said else "none"
    elif last.status == "granted":
        is_lapsed = last.valid_until is not None and last.valid_until <= at
        standing = "lapsed" if is_lapsed else "granted" if last.at is not None else "unproven"
    elif last.status in ("revoked", "never"):
        standing = "revoked" if last.status == "revoked" else "never"
    return ChannelProof(
        channel=channel,
        standing=standing,
        rests_on=last,
        is_double=bool(last and last.method == "double_opt_in"),
        suppressed=suppressed.get(channel, ""),
    )


def proof_page(proof: Proof) -> str:
    """Give the proof as one HTML page that needs nothing else."""
    title = f"Proof of consent, {html.escape(proof.shop_name)}"
    rows = [
        ("Person", proof.person_id), *proof.addresses.items(), ("At", proof.at.isoformat()),
        ("Drawn up", proof.made_at.isoformat()), ("Market", proof.market or "unknown"), ("SHA-256", proof.digest),
    ]  # fmt: skip
    head = "".join(f"<tr><th scope='row'>{_text(name)}</th><td>{_text(value)}</td></tr>" for name, value in rows)
    stood = [
        (one.channel, one.standing, "yes" if one.is_double else "no", one.suppressed or "no") for one in proof.channels
    ]
    said = [
        (_when(one.at), one.channel, one.status, one.method, one.source, one.wording or one.wording_id, one.reason)
        for one in proof.statements
    ]
    policy = proof.policy
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width"><title>{title}</title><style>{_STYLE}</style></head><body><main><h1>{title}</h1>'
        f"<table>{head}</table><h2>What stood</h2>"
        f"{_table(('channel', 'standing', 'second opt-in', 'suppressed'), stood)}<h2>What was said</h2>"
        f"{_table(('when', 'channel', 'status', 'how', 'source', 'wording', 'reason'), said)}"
        f"<p>Market policy, read {policy.as_of.isoformat()}, to {_text(policy.confirm)}: {_text(policy.source)}. "
        "This is a record, not legal advice.</p></main></body></html>"
    )


def _table(names: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    head = "".join(f"<th scope='col'>{name}</th>" for name in names)
    body = "".join(f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _when(at: datetime | None) -> str:
    return at.isoformat() if at else "not known"


def _text(value: object) -> str:
    return html.escape(str(value))


_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;color:#1b1f24;background:#fff;margin:2rem}main{max-width:60rem}"
    "table{border-collapse:collapse;margin:.5rem 0 1rem}th,td{text-align:left;vertical-align:top;padding:.3rem .7rem;"
    "border-bottom:1px solid #d5d8dc;overflow-wrap:anywhere}@media(max-width:40rem){table{display:block;overflow:auto}}"
)
