"""What a unit of work holds of the flow after an order: mails about orders and parcels, slips of lanes."""

from functools import cached_property

from sqlmodel import Session

from .order_mail import OrderMail
from .slips import Slips


class FlowStores:
    """Their repositories, on the session of one transaction."""

    session: Session

    @cached_property
    def order_mail(self) -> OrderMail:
        """Mails about orders and parcels, and who sends them."""
        return OrderMail(self.session)

    @cached_property
    def slips(self) -> Slips:
        """Slips of lanes, and whom they touch."""
        return Slips(self.session)
