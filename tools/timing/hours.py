"""Which local hours bind a message: the shop's quiet hours and the market's legal hours."""

from memory.domain.base import Frozen
from memory.domain.guardrails import Guardrails
from memory.domain.market import Channel, Market
from memory.domain.message import MessageClass


class OpenHours(Frozen):
    """One window of the local day; a message must fit all of its windows."""

    opens_minute: int
    """First allowed minute of the local day."""
    closes_minute: int
    """First minute that is not allowed any more; smaller than `opens_minute` where the window crosses midnight."""
    closed_weekdays: tuple[int, ...] = ()
    """Closed days, Monday 0."""
    holidays_of: str = ""
    """Country whose public holidays are closed; empty for none."""
    is_legal: bool = False
    """Whether a law sets it, or the shop itself."""

    on_weekdays: tuple[int, ...] = ()
    """Local weekdays it binds on; every day where none is given."""
    zones: tuple[str, ...] = ()
    """Zones it binds in; all where none is given."""

    @property
    def daily(self) -> "OpenHours":
        """The same hours without closed days."""
        return self.model_copy(update={"closed_weekdays": (), "holidays_of": ""})

    def binds_in(self, zone: str) -> bool:
        """Say whether the window binds somebody in the zone."""
        return not self.zones or zone in self.zones

    def allows(self, minute: int, weekday: int, is_holiday: bool) -> bool:
        """Say whether a local minute of a weekday is open."""
        if self.on_weekdays and weekday not in self.on_weekdays:
            return True
        if weekday in self.closed_weekdays or (is_holiday and self.holidays_of):
            return False
        if self.opens_minute <= self.closes_minute:
            return self.opens_minute <= minute < self.closes_minute
        return minute >= self.opens_minute or minute < self.closes_minute


def hours_for(
    guardrails: Guardrails, market: Market | None, channel: Channel, message_class: MessageClass
) -> tuple[OpenHours, ...]:
    """Give the windows that bind. Transactional and on-page messages have none; legal hours bind promotional ones."""
    if message_class in ("transactional", "on_page"):
        return ()
    quiet = guardrails.quiet_hours
    windows = [OpenHours(opens_minute=quiet.opens_minute, closes_minute=quiet.closes_minute)]
    if message_class == "promotional":
        legal = (*(market.legal_hours if market else ()), *guardrails.legal_hours)
        windows += [
            OpenHours(
                opens_minute=rule.opens_minute,
                closes_minute=rule.closes_minute,
                closed_weekdays=rule.closed_weekdays,
                holidays_of=market.country if market and rule.closed_on_holidays else "",
                is_legal=True,
                on_weekdays=rule.on_weekdays,
                zones=rule.zones,
            )
            for rule in legal
            if rule.channel == channel
        ]
    return tuple(windows)
