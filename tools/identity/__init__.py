"""Identity: one pseudonym per identifier, and which pseudonyms are one person."""

from .keys import Keys, address_key, subject_id
from .normalise import normalise_email, normalise_phone

__all__ = ["Keys", "address_key", "normalise_email", "normalise_phone", "subject_id"]
