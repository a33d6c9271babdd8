"""What a message is filled with, and what comes out."""

import re
import unicodedata

from memory.domain.base import Frozen

MAX_NAME = 60
_UNSEEN = re.compile(r"[\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef]")


class OfferWords(Frozen):
    """An offer in one language, its figures already filled in by code."""

    benefit: str
    """What the person gets."""
    conditions: str
    """From which basket, and until when."""
    code: str = ""
    """The person's own code; empty where the offer is held by its terms."""
    code_line: str = ""
    """The line that tells it, with the code in it."""


class GoodsWords(Frozen):
    """One article a mail names."""

    title: str
    """What the shop calls it. Untrusted text."""
    url: str
    """Its page."""


class CopyFacts(Frozen):
    """Everything a template may show."""

    shop: str
    """What customers call the shop."""
    first_name: str = ""
    """Given name or empty. Untrusted text."""
    url: str
    """Where the button leads."""
    unsubscribe_url: str = ""
    """One-click unsubscribe address; empty for transactional messages."""
    preferences_url: str = ""
    """The person's preference centre; empty for transactional messages."""
    is_at_risk: bool = False
    """Whether the link to it offers fewer messages first."""
    postal_address: str = ""
    """Postal address of the sender."""
    offer: OfferWords | None = None
    """The offer, where the step carries one."""
    goods: tuple[GoodsWords, ...] = ()
    """Articles a mail names, best first; short messages name none."""
    content: str = ""
    """What the content library says about the bought article, or code about an order; empty where it says nothing."""
    receipt_why: str = ""
    """Why somebody gets a mail about their own order: it then has neither offer nor goods, and needs no way out."""
    content_title: str = ""
    """What the content item is called that the message speaks of; empty where it speaks of none."""


class Copy(Frozen):
    """A filled template."""

    subject: str
    """Subject line, or title of a push message."""
    text: str
    """Plain text part, or the whole message for SMS and push."""
    html: str = ""
    """HTML part; empty for SMS and push."""


def clean(text: str) -> str:
    """Give one line of untrusted text without control, bidirectional and invisible characters, cut at `MAX_NAME`.

    Letters of every script, and the joiners inside them that people see, stay.
    """
    visible = _UNSEEN.sub("", text)
    kept = (" " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char for char in visible)
    return " ".join("".join(kept).split())[:MAX_NAME]
