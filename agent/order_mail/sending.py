"""One round of mails about orders: claimed in one transaction, handed off between two, marked in the next.

As the dispatcher of plans does, and with the same circuit, kill switch and provider kinds: a keyed provider is asked
again under the same key, a queryable one is asked what it took, and what a blind one may have taken ends as `unknown`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from agent.dispatch.addresses import end_address
from agent.dispatch.breaker import Breaker
from agent.dispatch.claim import LEASE, market_of
from agent.dispatch.hand import FIRST_WAIT, LONGEST_WAIT, MAX_ATTEMPTS
from agent.dispatch.standstill import not_ready, standstill
from agent.dispatch.words import Sheet
from agent.tracing import span
from memory.domain.clock import SKEW, Clock
from memory.domain.consent import Contact, SuppressionReason
from memory.domain.market import Channel
from memory.domain.message import Accepted, Ambiguous, HandOff, Refused, Rendered
from memory.faults import fault
from memory.lake.lake import Lake
from memory.store.engine import Store
from memory.store.instants import from_micros
from memory.store.order_mail import OrderMailRow
from memory.store.unit_of_work import UnitOfWork
from tools.channels import Sender
from tools.channels.sender import Queryable
from tools.links.preferences import preferences_url
from tools.links.unsubscribe import unsubscribe_url
from tools.markets import Markets, load_markets
from tools.parcels import Expectations

from .checks import DELAY, Known, Verdict, check
from .facts import Looked, look
from .report import OrderMailReport, Tally
from .service import of_service
from .words import WaysOut, compose, language_of, read_said, said_of

if TYPE_CHECKING:
    from collections.abc import Callable

BATCH = 50
CHANNEL: Channel = "email"


@dataclass(frozen=True)
class Claimed:
    """A mail we hold."""

    row: OrderMailRow
    """As it is after the claim."""
    fence: int
    """The number of our claim."""
    message: Rendered
    """What goes to the provider."""
    is_again: bool = False
    """Whether an earlier claim may already have handed it off under the same key."""


@span("order_mail")
def send_order_mail(
    store: Store,
    lake: Lake,
    channels: Mapping[Channel, Sender],
    clock: Clock,
    key: bytes,
    shop_id: str,
    expect: "Callable[[], Expectations]",
    *,
    worker: str = "worker-1",
    markets: Markets | None = None,
    public_url: str = "http://127.0.0.1:8080",
    limit: int | None = None,
) -> OrderMailReport:
    """Send the shop's due mails about orders, at most `limit`, and say what became of each.

    `expect` gives what the shop's earlier shipments say; it is asked only where a mail is due.
    """
    sender = channels.get(CHANNEL)
    with store.read() as uow:
        if sender is None or not uow.order_mail.has_work(shop_id, clock.now()):
            return OrderMailReport()
    known = markets or load_markets()
    return _Round(store, lake, sender, clock, key, shop_id, expect, worker, known, public_url).run(limit)


class _Round:
    """The state of one round."""

    def __init__(
        self, store: Store, lake: Lake, sender: Sender, clock: Clock, key: bytes, shop_id: str,
        expect: "Callable[[], Expectations]", worker: str, markets: Markets, public_url: str,
    ) -> None:  # fmt: skip
        self._store, self._lake, self._sender, self._clock = store, lake, sender, clock
        self._shop_id, self._worker, self._markets, self._expect = shop_id, worker, markets, expect
        with store.read() as uow:
            self._shop = uow.shops.get(shop_id)
        self._sheet = Sheet(self._shop, key, public_url)
        self._breaker, self._tally = Breaker(store, shop_id, CHANNEL, sender, clock), Tally()

    def run(self, limit: int | None) -> OrderMailReport:
        """Recover what was left behind, then claim and hand off until nothing is due."""
        n_left = limit
        for claim in (self._recover, self._claim):
            while (n_left is None or n_left > 0) and self._breaker.allowance != 0:
                size = min(BATCH, n_left or BATCH, self._breaker.allowance or BATCH)
                n_seen, claimed = self._one_batch(claim, size)
                self._hand_off(claimed)
                if not n_seen:
                    break
                n_left = None if n_left is None else n_left - n_seen
        if (refusal := self._breaker.refusal()) is not None:
            self._tally.refused.append(refusal)
        return self._tally.report()

    def _one_batch(
        self, claim: "Callable[[UnitOfWork, int, Looked, datetime], tuple[int, list[Claimed]]]", size: int
    ) -> tuple[int, list[Claimed]]:
        """Read the facts, then claim in one transaction; give how many rows it dealt with, and those to hand off."""
        now = self._clock.now()
        with self._store.read() as uow:
            due = uow.order_mail.due(self._shop_id, now, size, lock=False)
            version = uow.versions.latest()
        looked = Looked({}, frozenset())
        if due and claim == self._claim:
            with self._lake.open(version.tables, [self._shop_id]) as view:
                looked = look(view, self._shop, due, now)
        with self._store.unit_of_work(durable=True) as uow:
            refusal = standstill(self._store, uow, self._shop_id, CHANNEL, now)
            refusal = refusal or not_ready(uow, self._sender, self._shop_id, CHANNEL)
            if refusal is not None:
                self._tally.refused = [refusal]
                return 0, []
            done = claim(uow, size, looked, now)
            fault("K0")
        return done

    def _claim(self, uow: UnitOfWork, size: int, looked: Looked, now: datetime) -> tuple[int, list[Claimed]]:
        rows = uow.order_mail.due(self._shop_id, now, size)
        known = self._known(uow, rows, looked, now)
        claimed = []
        for row in rows:
            found = check(row, known, now)
            message = found if isinstance(found, Verdict) else self._worded(row, known)
            if isinstance(message, Verdict) and message.until is not None:
                uow.order_mail.later(row, message.until)
                self._tally.n_later += 1
            elif isinstance(message, Verdict):
                uow.order_mail.end(row, "suppressed", message.reason, now)
                self._tally.ended("suppressed", message.reason)
            else:
                row.body_hash, row.person_id = message.body_hash, known.person(row)
                uow.order_mail.claim(row, self._worker, self._sender.name, self._sender.kind, now, LEASE)
                known.took(row, now)
                claimed.append(Claimed(row, row.fence, message))
        uow.session.flush()
        for one in claimed:
            uow.session.expunge(one.row)
        return len(rows), claimed

    def _worded(self, row: OrderMailRow, known: Known) -> Rendered | Verdict:
        order, person = known.looked.orders[row.order_ref], known.person(row)
        state, contact = known.states[person], known.contacts.get(person)
        market = market_of(self._markets, order.market)
        wanted = (
            contact.language if contact else "", state["language"] or "", market.language if market else "",
            home.language if (home := market_of(self._markets, self._shop.home_market)) else "",
        )  # fmt: skip
        language = language_of(row.kind, wanted, known.guardrails)
        if not language:
            return Verdict("no_language")
        zones = state["zones"] or (market.zones if market else ())
        zone = zones[0] if zones else self._shop.zone
        said = said_of(row, order, language, zone, self._expect(), known.settings, self._clock.now())
        row.said, row.language = said.model_dump_json(), language
        ways = self._ways_out(row.send_key, person)
        found = compose(row, said, contact, self._shop, known.guardrails, known.settings, market, ways)
        return found if isinstance(found, Rendered) else Verdict(found)

    def _ways_out(self, send_key: str, person: str) -> WaysOut:
        given = (self._sheet.public_url, self._sheet.key, self._shop_id, person, CHANNEL, send_key)
        return WaysOut(unsubscribe_url(*given), preferences_url(*given))

    def _known(self, uow: UnitOfWork, rows: Sequence[OrderMailRow], looked: Looked, now: datetime) -> Known:
        named = {row.send_key: row.subject_id or looked.subject_of(row.order_ref) for row in rows}
        people = uow.identities.people_of({one for one in named.values() if one})
        persons = sorted(set(people.values()))
        states = {one["person_id"]: one for one in uow.person_state.get(self._shop_id, persons, lock=True).to_pylist()}
        return Known(
            looked=looked,
            person_of={key: people.get(subject, "") for key, subject in named.items()},
            states=states,
            contacts=uow.contacts.by_person(self._shop_id, persons),
            settings=uow.order_mail.settings(self._shop_id),
            guardrails=uow.guardrails.current(self._shop_id),
            markets=self._markets,
            **of_service(uow, self._shop_id, persons if any(row.kind == DELAY for row in rows) else [], now),
        )

    def _recover(self, uow: UnitOfWork, size: int, looked: Looked, now: datetime) -> tuple[int, list[Claimed]]:
        """Deal with claims whose lease ran out, as the dispatcher does."""
        rows = uow.order_mail.lapsed(self._shop_id, now, size)
        again = []
        people = uow.identities.people_of({row.person_id for row in rows})
        contacts = uow.contacts.by_person(self._shop_id, sorted(set(people.values())))
        for row in rows:
            may_have_gone = bool(row.started_at)
            if not may_have_gone:
                row.state, row.lease_until = "planned", 0
                uow.session.add(row)
                continue
            message = self._repeated(uow, row, contacts.get(people.get(row.person_id, "")), now)
            if message is None:
                uow.order_mail.end(row, "unknown", "lease_lapsed", now)
                self._tally.ended("unknown", "lease_lapsed")
                continue
            uow.order_mail.claim(row, self._worker, self._sender.name, self._sender.kind, now, LEASE)
            again.append(Claimed(row, row.fence, message, is_again=True))
        uow.session.flush()
        for one in again:
            uow.session.expunge(one.row)
        return len(rows), again

    def _repeated(self, uow: UnitOfWork, row: OrderMailRow, contact: Contact | None, now: datetime) -> Rendered | None:
        """Give the very same mail again, where the provider can tell that it is; none where it cannot."""
        age = now - from_micros(row.first_claimed_at)
        is_keyed = self._sender.kind == "keyed" and (
            self._sender.key_life is None or -SKEW <= age < self._sender.key_life
        )
        if row.sender != self._sender.name or not (is_keyed or self._sender.kind == "queryable"):
            return None
        guardrails, settings = uow.guardrails.current(self._shop_id), uow.order_mail.settings(self._shop_id)
        ways = self._ways_out(row.send_key, row.person_id)
        found = compose(row, read_said(row.said), contact, self._shop, guardrails, settings, None, ways)
        return found if isinstance(found, Rendered) and found.body_hash == row.body_hash else None

    def _hand_off(self, claimed: Sequence[Claimed]) -> None:
        for one in claimed:
            if self._breaker.allowance == 0 or not self._begins(one):
                self._give_back(one)
                continue
            fault("K1")
            outcome = self._offer(one)
            fault("K6")
            self._settle(one, outcome)
            fault("K8")

    def _begins(self, one: Claimed) -> bool:
        """Look again right before the hand-off, and write down that it begins; false where it must not."""
        now = self._clock.now()
        with self._store.unit_of_work(durable=True) as uow:
            if uow.switches.is_stopped(self._shop_id):
                return False
            state = uow.person_state.get(self._shop_id, [one.row.person_id]).to_pylist()
            if not state or state[0]["is_erased"]:
                uow.order_mail.mark(one.row.send_key, one.fence, now, state="suppressed", reason="erased")
                self._tally.ended("suppressed", "erased")
                return False
            return uow.order_mail.start(one.row.send_key, one.fence, now)

    def _offer(self, one: Claimed) -> HandOff:
        if one.is_again and isinstance(self._sender, Queryable):
            outcome = self._sender.look_up(one.message, from_micros(one.row.first_claimed_at), frozenset())
            outcome = outcome if not isinstance(outcome, Refused) else Refused(reason="not_found", is_retryable=False)
        else:
            outcome = self._sender.hand_off(one.message)
        self._breaker.heard(outcome)
        return outcome

    def _settle(self, one: Claimed, outcome: HandOff) -> None:
        match outcome:
            case Accepted():
                self._mark(one, "sent", "", receipt=outcome.receipt)
            case Refused() if one.is_again:
                self._mark(one, "unknown", outcome.reason)  # what went before may have arrived
            case Refused() if outcome.is_retryable and (one.fence < MAX_ATTEMPTS or outcome.is_outage):
                wait = max(min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(one.fence - 1, 20)),
                           min(LONGEST_WAIT, timedelta(seconds=outcome.after_seconds or 0)))  # fmt: skip
                self._give_back(one, wait)
            case Refused():
                self._mark(one, "failed", outcome.reason, ends=outcome.ends_address)
            case Ambiguous() if self._sender.kind != "blind" and one.fence < MAX_ATTEMPTS:
                self._tally.n_later += 1  # the claim stays; once its lease lapses it is repeated or looked up
            case Ambiguous():
                self._mark(one, "unknown", outcome.reason)

    def _mark(
        self, one: Claimed, state: str, reason: str, *, receipt: str = "", ends: SuppressionReason | None = None
    ) -> None:
        now = self._clock.now()
        with self._store.unit_of_work() as uow:
            uow.order_mail.mark(one.row.send_key, one.fence, now, state=state, reason=reason, receipt=receipt)
            if ends:
                end_address(uow, self._sheet, (CHANNEL, one.message.to, ends), self._sender.name, now)
            fault("K7")
        self._tally.ended(state, reason)

    def _give_back(self, one: Claimed, wait: timedelta = timedelta()) -> None:
        """Give a claim back to be tried later: it certainly did not leave. One that may have left keeps its lease."""
        if one.is_again:
            return
        with self._store.unit_of_work() as uow:
            row = uow.order_mail.get(one.row.send_key)
            if row is not None and row.state == "claimed" and row.fence == one.fence:
                row.state, row.started_at, row.lease_until = "planned", 0, 0
                uow.order_mail.later(row, self._clock.now() + wait)
                self._tally.n_later += 1
