"""What holds a whole channel, so that nothing is claimed: lost commits, a newer version's tables, a kill switch."""

from datetime import datetime

from memory.domain.market import Channel
from memory.domain.outcome import Blocked
from memory.store.engine import Store
from memory.store.unit_of_work import UnitOfWork
from tools.channels import Sender

from .lost import stop_after_loss


def standstill(store: Store, uow: UnitOfWork, shop_id: str, channel: Channel, now: datetime) -> Blocked | None:
    """Give what holds the channel now, or none; asked in the transaction that claims."""
    if store.has_lost_commits(uow):
        return stop_after_loss(uow, channel, now)
    if store.is_left_behind(uow):
        return Blocked(
            rule="version",
            code="left_behind",
            message="A newer version of Second Order migrated the database: this one claims nothing any more. "
            "Stop it and start the newer one.",
            path=channel,
        )
    if uow.switches.is_stopped(shop_id):
        return Blocked(
            rule="kill_switch",
            code="stopped",
            message="The kill switch is on: nothing is claimed or handed off until a person lets it go on.",
            path=channel,
        )
    return None


def not_ready(uow: UnitOfWork, sender: Sender, shop_id: str, channel: Channel) -> Blocked | None:
    """Refuse live sends before somebody answered for the channel's suppression list."""
    if not sender.is_live or uow.consents.channel_ready(shop_id, channel):
        return None
    return Blocked(
        rule="suppression_list",
        code="channel_not_ready",
        message=f"No {channel} message goes out before the channel's suppression list is imported, "
        "or a named person declares that there is none.",
        path=channel,
    )
