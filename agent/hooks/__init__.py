"""What providers tell us about messages and what people answer: noted once, effective before the next claim."""

from .answers import answered
from .events import ProviderEvent, receive

__all__ = ["ProviderEvent", "answered", "receive"]
