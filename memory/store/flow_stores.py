"""What a unit of work holds of the flow after an order: mails about orders, slips of lanes, first touches."""

from functools import cached_property

from sqlmodel import Session

from .first_touches import FirstTouches
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

    @cached_property
    def first_touches(self) -> FirstTouches:
        """The first touch after each order, or why there was none."""
        return FirstTouches(self.session)
