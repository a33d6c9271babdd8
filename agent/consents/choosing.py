"""The preference centre without its page: what stands, what a person changes, and stopping everything."""

from datetime import datetime, timedelta

from memory.domain.base import Frozen, Instant
from memory.domain.consent import ConsentEvent, UnsubscribeReason
from memory.domain.market import Channel
from memory.domain.preference import Frequency, Preference, Topic
from memory.store.unit_of_work import UnitOfWork
from tools.links.preferences import OwnPage

WORDING_ID = "preferences@1"
SOURCE = "preference page"
CHANNELS: tuple[Channel, ...] = ("email", "sms", "push")


class Centre(Frozen):
    """What stands for one person in one shop."""

    person_id: str
    """Who, after merges."""
    shop_name: str
    """What customers call the shop."""
    language: str
    """Their language, or empty."""
    market: str
    """Their market, or empty."""
    channels: dict[Channel, bool]
    """Channels there is an address for, and whether marketing may go there."""
    preference: Preference
    """What they chose."""
    is_erased: bool = False
    """Whether everything about them was erased."""


class Choice(Frozen):
    """What a person hands in."""

    channels: tuple[Channel, ...] = ()
    """Channels they want."""
    topics_off: tuple[Topic, ...] = ()
    """Topics they do not want."""
    frequency: Frequency = "all"
    """How much."""
    paused_until: Instant | None = None
    """A pause that stands already and is kept."""
    pause_days: int = 0
    """A new pause from now; 0 for none."""
    preferred: Channel | None = None
    """Where they would rather be written to; counts among the channels they want only."""


def centre(uow: UnitOfWork, page: OwnPage) -> Centre:
    """Give what stands for the person of a link; raise `NotFound` for an unknown shop."""
    shop = uow.shops.get(page.shop_id)
    person = uow.identities.person_of(page.person_id)
    rows = uow.person_state.get(page.shop_id, [person]).to_pylist()
    state = rows[0] if rows else {}
    contact = uow.contacts.by_person(page.shop_id, [person]).get(person)
    return Centre(
        person_id=person,
        shop_name=shop.name,
        language=state.get("language", ""),
        market=state.get("market", ""),
        channels={
            channel: bool(state.get(f"consent_{channel}")) and not state.get(f"is_suppressed_{channel}")
            for channel in CHANNELS
            if (contact and contact.address(channel)) or channel == page.channel
        },
        preference=uow.preferences.of(page.shop_id, person),
        is_erased=bool(state.get("is_erased")),
    )


def choose(
    uow: UnitOfWork, page: OwnPage, choice: Choice, now: datetime, wordings: dict[Channel, str], *, double: set[Channel]
) -> tuple[Channel, ...]:
    """Keep the choice; it counts from the next claim on. Give the channels whose second opt-in has to be asked for.

    Whoever followed a link of a channel has its address in hand; another channel in `double` needs the second opt-in.
    """
    stands = centre(uow, page)
    pause = now + timedelta(days=choice.pause_days) if choice.pause_days else choice.paused_until
    preference = Preference(
        frequency=choice.frequency,
        paused_until=pause,
        topics_off=choice.topics_off,
        channel=choice.preferred if choice.preferred in choice.channels else None,
    )
    uow.preferences.put(page.shop_id, stands.person_id, preference, now)
    asked: list[Channel] = []
    for channel, is_on in stands.channels.items():
        if is_on and channel not in choice.channels:
            uow.consents.revoke(
                page.shop_id, stands.person_id, channel, now, "preference_page", SOURCE, send_key=page.extra
            )
        elif not is_on and channel in choice.channels:
            is_pending = channel in double and channel != page.channel
            event = ConsentEvent(
                channel=channel,
                status="pending" if is_pending else "granted",
                at=now,
                method="preference_page",
                source=SOURCE,
                wording_id=WORDING_ID,
                wording=wordings[channel],
            )
            if is_pending:
                uow.consents.add_events(page.shop_id, [(stands.person_id, event)])
                asked.append(channel)
            else:
                uow.consents.grant(page.shop_id, stands.person_id, event)
    return tuple(asked)


def stop_all(uow: UnitOfWork, page: OwnPage, now: datetime, reason: UnsubscribeReason | None = None) -> None:
    """Take every channel's permission back at once, those without an address too; receipts still go out."""
    person = uow.identities.person_of(page.person_id)
    for channel in CHANNELS:
        latest = uow.consents.latest(page.shop_id, person, channel)
        if latest is None or latest.status != "revoked":
            send_key = page.extra if channel == page.channel else ""
            uow.consents.revoke(
                page.shop_id, person, channel, now, "preference_page", SOURCE, send_key=send_key, reason=reason or ""
            )
