"""One transaction with every repository on it; only the edges make one."""

from functools import cached_property

from sqlmodel import Session

from .approvals import Approvals
from .assignments import Assignments
from .audit import AuditLog
from .batches import Batches
from .budget_ledger import BudgetLedger
from .chats import Chats
from .consents import Consents
from .contacts import Contacts
from .figures import Figures
from .guardrail_versions import GuardrailVersions
from .identities import Identities
from .imports import Imports
from .outbox import Outbox
from .person_state import PersonState
from .plans import Plans
from .principals import Principals
from .segments import Segments
from .sessions import Sessions
from .share_ledger import ShareLedger
from .shops import Shops
from .versions import Versions


class UnitOfWork:
    """The repositories of one transaction. It commits where it was opened, never here."""

    def __init__(self, session: Session) -> None:
        """Work on the session of one transaction."""
        self.session = session

    @cached_property
    def versions(self) -> Versions:
        """Data versions."""
        return Versions(self.session)

    @cached_property
    def shops(self) -> Shops:
        """Shops."""
        return Shops(self.session)

    @cached_property
    def person_state(self) -> PersonState:
        """What hand-off reads of each person."""
        return PersonState(self.session)

    @cached_property
    def chats(self) -> Chats:
        """Chat threads."""
        return Chats(self.session)

    @cached_property
    def sessions(self) -> Sessions:
        """Recorded sessions."""
        return Sessions(self.session)

    @cached_property
    def principals(self) -> Principals:
        """Principals, their roles and tokens."""
        return Principals(self.session)

    @cached_property
    def audit(self) -> AuditLog:
        """Who did what."""
        return AuditLog(self.session)

    @cached_property
    def imports(self) -> Imports:
        """Import records."""
        return Imports(self.session)

    @cached_property
    def contacts(self) -> Contacts:
        """Contact data."""
        return Contacts(self.session)

    @cached_property
    def identities(self) -> Identities:
        """Identity links and the people they make."""
        return Identities(self.session)

    @cached_property
    def consents(self) -> Consents:
        """Consent statements and suppressions."""
        return Consents(self.session)

    @cached_property
    def assignments(self) -> Assignments:
        """Who is in which arm."""
        return Assignments(self.session)

    @cached_property
    def batches(self) -> Batches:
        """Decision batches and live plans."""
        return Batches(self.session)

    @cached_property
    def budget_ledger(self) -> BudgetLedger:
        """What plans may still spend."""
        return BudgetLedger(self.session)

    @cached_property
    def share_ledger(self) -> ShareLedger:
        """What all plans together may still take of the marketing budget."""
        return ShareLedger(self.session)

    @cached_property
    def figures(self) -> Figures:
        """The shops' figures of now."""
        return Figures(self.session)

    @cached_property
    def outbox(self) -> Outbox:
        """Messages and what became of them."""
        return Outbox(self.session)

    @cached_property
    def segments(self) -> Segments:
        """Segments a shop keeps."""
        return Segments(self.session)

    @cached_property
    def guardrails(self) -> GuardrailVersions:
        """Guardrail versions."""
        return GuardrailVersions(self.session)

    @cached_property
    def plans(self) -> Plans:
        """Plans."""
        return Plans(self.session)

    @cached_property
    def approvals(self) -> Approvals:
        """Requests for approval."""
        return Approvals(self.session)
