"""What happens where the store lost commits that had to last: everything stops until a person let it go on."""

from datetime import datetime

import structlog

from memory.domain.market import Channel
from memory.domain.outcome import Blocked
from memory.domain.switch import EVERYWHERE, KillSwitch
from memory.store.unit_of_work import UnitOfWork

LOG = structlog.get_logger("second_order.dispatch")
WHY = (
    "The store lost commits that had to last (a cut log, a copy without its -wal file, a disk that lies): messages it "
    "takes for planned may have left. Compare with the provider's own list, then `secondorder go --everywhere`."
)


def stop_after_loss(uow: UnitOfWork, channel: Channel, now: datetime) -> Blocked:
    """Turn the kill switch on everywhere, tell people, and start counting anew; give why nothing is claimed.

    Who lets hand-offs go on afterwards says by it that they compared.
    """
    LOG.error("commits_lost", channel=channel)
    uow.switches.put(KillSwitch(scope=EVERYWHERE, is_stopped=True, set_by="system", set_at=now, reason=WHY))
    uow.audit.append("system", "switch.stop", f"switch:{EVERYWHERE}", now, {"reason": WHY})
    uow.alerts.add(EVERYWHERE, "kill_switch", f"switch:{now.isoformat()}", WHY, now)
    uow.durable_commits.is_loss_accepted = True
    return Blocked(rule="store", code="commits_lost", message=WHY, path=channel)
