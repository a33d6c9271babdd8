"""Communities over facts: who is in one, and who may be invited to one; stored nowhere."""

from .eligible import eligible, needs_everybody, people_of_market
from .members import in_community_at, latest_moves, movements

__all__ = ["eligible", "in_community_at", "latest_moves", "movements", "needs_everybody", "people_of_market"]
