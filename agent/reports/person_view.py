"""What is known of one person, each with where it comes from and how fresh it is (S2-11); pseudonymous by default."""

from memory.domain.base import Count, Frozen, Instant
from memory.domain.consent import Contact


class PersonFact(Frozen):
    """One thing that is known of the person."""

    name: str
    """Its name."""
    value: str | int | float | bool | None
    """What it is; null where the facts do not say."""
    definition: str
    """How it is worked out."""
    tables: tuple[str, ...]
    """Fact tables it is read from."""
    sources: tuple[str, ...]
    """Imports that brought those of this person."""
    newest_fact_at: Instant | None
    """When the newest of them happened; null where there is none."""
    arrived_at: Instant | None
    """When the newest of them was imported."""


class MergeLog(Frozen):
    """One observation that two records are one person, or were thought to be."""

    link_id: Count
    """Under which it is taken back."""
    left_kind: str
    """What the first identifier is: email, phone, customer_id or device."""
    left_subject: str
    """Its pseudonym."""
    right_kind: str
    """What the second is."""
    right_subject: str
    """Its pseudonym."""
    rule: str
    """The rule that made it."""
    source: str
    """Which file or system showed it."""
    at: Instant
    """When it was seen."""
    reversed_at: Instant | None
    """When somebody took it back; null while it holds."""
    reversed_by: str
    """Who did."""


class PersonProfile(Frozen):
    """One person of one shop, without anything that says who they are."""

    person_id: str
    """Pseudonym after merges."""
    asked_for: str
    """The pseudonym that was asked for; another one where records were merged."""
    shop_id: str
    """The shop."""
    data_version: Count
    """The data version it was read in."""
    as_of: Instant
    """Facts up to this instant."""
    context: tuple[PersonFact, ...]
    """Category preference, price sensitivity and loyalty status."""
    facts: tuple[PersonFact, ...]
    """The rest: orders, market, language, zone, consent."""
    records: tuple[str, ...]
    """Pseudonyms of the records that are this person."""
    merges: tuple[MergeLog, ...]
    """Why they are one person, oldest first; reversed ones included."""
    is_erased: bool
    """Whether the person asked to be forgotten."""


class PersonView(PersonProfile):
    """One person of one shop, for whoever may see contact data."""

    contact: Contact | None
    """Contact data; null unless whoever asks may see it, and for an erased person."""
