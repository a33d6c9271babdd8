"""Communities at work: setting one, who may be invited, and the invitation on a page."""

from .activity import CommunityActivity, activity
from .eligibility import CommunityPage, CommunityStanding, standing_of, who_is_eligible
from .inviting import CommunityInvitation, community_buyer, invite_to_community
from .setting import read_community, set_community

__all__ = [
    "CommunityActivity",
    "CommunityInvitation",
    "CommunityPage",
    "CommunityStanding",
    "activity",
    "community_buyer",
    "invite_to_community",
    "read_community",
    "set_community",
    "standing_of",
    "who_is_eligible",
]
