"""Live intake: deliveries from shop systems and apps, acknowledged at once and flushed to the lake in batches."""

from .accept import Accepted, accept
from .flush import FlushReport, flush
from .shopify_hook import NotTrusted, accept_webhook, signer
from .topics import TOPICS, Topic, topic_of

__all__ = [
    "TOPICS",
    "Accepted",
    "FlushReport",
    "NotTrusted",
    "Topic",
    "accept",
    "accept_webhook",
    "flush",
    "signer",
    "topic_of",
]
