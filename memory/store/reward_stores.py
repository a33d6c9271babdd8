"""What a unit of work holds of rewards and belonging: loyalty, credit, codes, thank-you pages, communities."""

from functools import cached_property

from sqlmodel import Session

from .ambassadors import Ambassadors
from .challenges import Challenges
from .code_alarms import CodeAlarms
from .code_sources import CodeSources
from .codes import Codes
from .communities import Communities
from .content_items import ContentItems
from .credits import Credits
from .early_access import EarlyAccessStore
from .loyalty import Loyalty
from .member_invitations import MemberInvitations
from .thanks import Thanks
from .thanks_goods import PreparedGoods


class RewardStores:
    """Their repositories, on the session of one transaction."""

    session: Session

    @cached_property
    def loyalty(self) -> Loyalty:
        """Loyalty programmes and what members redeemed."""
        return Loyalty(self.session)

    @cached_property
    def credits(self) -> Credits:
        """Store credit that people hold and used."""
        return Credits(self.session)

    @cached_property
    def codes(self) -> Codes:
        """Codes of offers: the pool, and who was given which."""
        return Codes(self.session)

    @cached_property
    def code_sources(self) -> CodeSources:
        """Where codes come from."""
        return CodeSources(self.session)

    @cached_property
    def code_alarms(self) -> CodeAlarms:
        """Redemptions that are not as they should be."""
        return CodeAlarms(self.session)

    @cached_property
    def member_invitations(self) -> MemberInvitations:
        """After which orders people were invited to become members."""
        return MemberInvitations(self.session)

    @cached_property
    def early_access(self) -> EarlyAccessStore:
        """Goods that members may buy before others."""
        return EarlyAccessStore(self.session)

    @cached_property
    def communities(self) -> Communities:
        """Communities, and who was shown an invitation to one."""
        return Communities(self.session)

    @cached_property
    def content_items(self) -> ContentItems:
        """The shop's content library."""
        return ContentItems(self.session)

    @cached_property
    def challenges(self) -> Challenges:
        """Challenges, and what was handed in to them."""
        return Challenges(self.session)

    @cached_property
    def ambassadors(self) -> Ambassadors:
        """Who was proposed as an ambassador, and who is one."""
        return Ambassadors(self.session)

    @cached_property
    def thanks(self) -> Thanks:
        """Thank-you pages."""
        return Thanks(self.session)

    @cached_property
    def thanks_goods(self) -> PreparedGoods:
        """What thank-you pages show."""
        return PreparedGoods(self.session)
