"""Targets of messages: one row per plan, step or kind of message, and metric."""

from sqlmodel import BigInteger, Field, Session, SQLModel, col, select

from memory.domain.message_target import TARGET_METRICS, MessageTarget, TargetMetric, messages_of
from memory.domain.plan import Plan

from .instants import from_micros, to_micros


class MessageTargetRow(SQLModel, table=True):
    """The row of one target."""

    __tablename__ = "message_target"

    plan_id: str = Field(primary_key=True)
    message: str = Field(primary_key=True)
    metric: str = Field(primary_key=True)
    shop_id: str
    rate: float
    set_at: int = Field(sa_type=BigInteger)


class MessageTargets:
    """Reads and writes targets of messages."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def of(self, plan_id: str) -> tuple[MessageTarget, ...]:
        """Give a plan's, by message, opens before clicks before conversions."""
        query = select(MessageTargetRow).where(col(MessageTargetRow.plan_id) == plan_id)
        found = [
            MessageTarget.model_validate(row.model_dump(exclude={"shop_id"}) | {"set_at": from_micros(row.set_at)})
            for row in self._session.exec(query)
        ]
        return tuple(sorted(found, key=lambda one: (one.message, TARGET_METRICS.index(one.metric))))

    def put(self, shop_id: str, target: MessageTarget) -> None:
        """Set one, in the place of the one that stood."""
        stored = target.model_dump() | {"set_at": to_micros(target.set_at)}
        self._session.merge(MessageTargetRow(shop_id=shop_id, **stored))
        self._session.flush()

    def remove(self, plan_id: str, message: str, metric: TargetMetric) -> None:
        """Take one away; nothing where there is none."""
        row = self._session.get(MessageTargetRow, (plan_id, message, metric))
        if row is not None:
            self._session.delete(row)
            self._session.flush()

    def copy(self, old_id: str, new: Plan) -> None:
        """Give the plan that takes over those of the old one that it has the message for and no target of its own."""
        own, known = {(one.message, one.metric) for one in self.of(new.id)}, messages_of(new)
        for one in self.of(old_id):
            if one.message in known and (one.message, one.metric) not in own:
                self.put(new.shop_id, one.model_copy(update={"plan_id": new.id}))
