"""All kinds of offers, in no order that matters; `rank` orders them."""

from memory.domain.errors import NotFound

from .kinds.discount import DiscountBuilder
from .kinds.early_access import EarlyAccessBuilder
from .kinds.free_shipping import FreeShippingBuilder
from .kinds.gift_with_purchase import GiftBuilder
from .kinds.mission_points import MissionPointsBuilder
from .kinds.points_multiple import PointsMultipleBuilder
from .kinds.referral_reward import ReferralRewardBuilder
from .kinds.review_points import ReviewPointsBuilder
from .kinds.store_credit import StoreCreditBuilder
from .kinds.wallet_credit import WalletCreditBuilder
from .pick import OfferBuilder

BUILDERS: tuple[OfferBuilder, ...] = (
    EarlyAccessBuilder(),
    PointsMultipleBuilder(),
    ReviewPointsBuilder(),
    MissionPointsBuilder(),
    GiftBuilder(),
    FreeShippingBuilder(),
    ReferralRewardBuilder(),
    StoreCreditBuilder(),
    WalletCreditBuilder(),
    DiscountBuilder(),
)
OFFER_KINDS: tuple[str, ...] = tuple(builder.id for builder in BUILDERS)


def builder_of(kind: str) -> OfferBuilder:
    """Give the builder of a kind; raise `NotFound`."""
    for builder in BUILDERS:
        if builder.id == kind:
            return builder
    raise NotFound(kind="offer kind", id=kind)
