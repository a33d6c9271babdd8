"""Live intake: deliveries from shop systems and apps, acknowledged at once and flushed to the lake in batches."""

from .accept import Accepted, accept
from .flush import FlushReport, flush
from .friends import FRIENDS, queue_friend
from .shopify_hook import NotTrusted, accept_webhook, signer
from .topics import TOPICS, Topic, topic_of

__all__ = [
    "FRIENDS",
    "TOPICS",
    "Accepted",
    "FlushReport",
    "NotTrusted",
    "Topic",
    "accept",
    "accept_webhook",
    "flush",
    "queue_friend",
    "signer",
    "topic_of",
]
