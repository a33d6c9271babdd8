"""The loyalty programme at work: setting it, a member's account, redeeming, reports."""

from .account import MemberAccount, member_account
from .programme import programme_in_force, read_programme, set_programme, starting_programme
from .redeeming import RedemptionResult, redeem

__all__ = [
    "MemberAccount",
    "RedemptionResult",
    "member_account",
    "programme_in_force",
    "read_programme",
    "redeem",
    "set_programme",
    "starting_programme",
]
