"""The loyalty programme over facts: who is a member, what they earned and in which tier they are; stored nowhere."""

from .ledger import Books, books
from .members import members_at, memberships
from .programmes import Term, terms_of
from .standing import standings

__all__ = ["Books", "Term", "books", "members_at", "memberships", "standings", "terms_of"]
