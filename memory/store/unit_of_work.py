"""One transaction with every repository on it; only the edges make one."""

from collections.abc import Callable
from functools import cached_property

from sqlmodel import Session

from .ahead import Ahead
from .alerts import Alerts
from .amendments import Amendments
from .approval_notices import ApprovalNotices
from .approval_passes import ApprovalPasses
from .approval_readings import ApprovalReadings
from .approval_rules import ApprovalRulesVersions
from .approvals import Approvals
from .assignments import Assignments
from .audit import AuditEntry, AuditLog
from .autonomy import Autonomy
from .batches import Batches
from .budget_ledger import BudgetLedger
from .chats import Chats
from .circuits import Circuits
from .consents import Consents
from .contacts import Contacts
from .deliveries import Deliveries
from .durable import DurableCommits
from .erasures import Erasures
from .exclusions import Exclusions
from .figures import Figures
from .flow_stores import FlowStores
from .goods_state import GoodsState
from .guardrail_versions import GuardrailVersions
from .identities import Identities
from .imports import Imports
from .inbox import Inbox
from .leavers import Leavers
from .left_messages import LeftMessages
from .lessons import Lessons
from .looks import Looks
from .message_history import MessageHistory
from .message_targets import MessageTargets
from .month_sums import MonthSums
from .notices import Notices
from .outbox import Outbox
from .outside import Outside
from .outside_sends import OutsideSends
from .part_holdouts import PartHoldouts
from .person_state import PersonState
from .plans import Plans
from .pre_approvals import PreApprovals
from .preferences import Preferences
from .principals import Principals
from .reach import Reach
from .releases import Releases
from .reward_stores import RewardStores
from .runs import Runs
from .segments import Segments
from .sent_counts import SentCounts
from .sessions import Sessions
from .share_ledger import ShareLedger
from .shop_effects import LearnedEffectsStore
from .shop_secrets import ShopSecrets
from .shops import Shops
from .sign_ins import SignIns
from .standing import Standing
from .switches import Switches
from .trigger_queue import TriggerQueue
from .vault import Vault
from .versions import Versions
from .warm_ups import WarmUps
from .webhook_secrets import WebhookSecrets


class UnitOfWork(RewardStores, FlowStores):
    """The repositories of one transaction. It commits where it was opened, never here."""

    def __init__(self, session: Session, open_vault: Callable[[], Vault] | None = None) -> None:
        """Work on the session of one transaction, with the keys of its secrets."""
        self.session = session
        self._open_vault = open_vault

    @cached_property
    def versions(self) -> Versions:
        """Data versions."""
        return Versions(self.session)

    @cached_property
    def outside_sends(self) -> OutsideSends:
        """What other tools sent."""
        return OutsideSends(self.session)

    @cached_property
    def shops(self) -> Shops:
        """Shops."""
        return Shops(self.session)

    @cached_property
    def person_state(self) -> PersonState:
        """What hand-off reads of each person."""
        return PersonState(self.session)

    @cached_property
    def goods_state(self) -> GoodsState:
        """What hand-off reads of each article."""
        return GoodsState(self.session)

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
    def sign_ins(self) -> SignIns:
        """Passwords, outside identities and browser sessions."""
        return SignIns(self.session)

    @cached_property
    def secrets(self) -> ShopSecrets:
        """Provider keys and webhook secrets of shops."""
        return ShopSecrets(self.session, self._open_vault)

    @cached_property
    def audit(self) -> AuditLog:
        """Who did what."""
        return AuditLog(self.session)

    @property
    def last_entry(self) -> AuditEntry | None:
        """The last audit entry this transaction appended, or none."""
        return self.audit.last_appended if "audit" in self.__dict__ else None

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
    def erasures(self) -> Erasures:
        """What erasing a person touches."""
        return Erasures(self.session)

    @cached_property
    def leavers(self) -> Leavers:
        """Who unsubscribed through which message."""
        return Leavers(self.session)

    @cached_property
    def lessons(self) -> Lessons:
        """What measured plans taught."""
        return Lessons(self.session)

    @cached_property
    def effects(self) -> LearnedEffectsStore:
        """What shops learned of single people from their own logs."""
        return LearnedEffectsStore(self.session)

    @cached_property
    def looks(self) -> Looks:
        """On which days experiments are read."""
        return Looks(self.session)

    @cached_property
    def exclusions(self) -> Exclusions:
        """Addresses other tools must leave out."""
        return Exclusions(self.session)

    @cached_property
    def part_holdouts(self) -> PartHoldouts:
        """Whom a plan withholds from one journey or step."""
        return PartHoldouts(self.session)

    @cached_property
    def message_targets(self) -> MessageTargets:
        """Which share of its messages a plan's marketer hopes is opened, clicked or followed by an order."""
        return MessageTargets(self.session)

    @cached_property
    def standing(self) -> Standing:
        """People whom no plan messages."""
        return Standing(self.session)

    @cached_property
    def preferences(self) -> Preferences:
        """What people chose, and their bands of risk."""
        return Preferences(self.session)

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
    def reach(self) -> Reach:
        """What hand-off looks at last."""
        return Reach(self.session)

    @cached_property
    def notices(self) -> Notices:
        """What nobody is told twice."""
        return Notices(self.session)

    @cached_property
    def month_sums(self) -> MonthSums:
        """Sums of a period."""
        return MonthSums(self.session)

    @cached_property
    def left_messages(self) -> LeftMessages:
        """Messages that left in a period."""
        return LeftMessages(self.session)

    @cached_property
    def message_history(self) -> MessageHistory:
        """What was sent to one person."""
        return MessageHistory(self.session)

    @cached_property
    def circuits(self) -> Circuits:
        """Where each channel stands."""
        return Circuits(self.session)

    @cached_property
    def deliveries(self) -> Deliveries:
        """What providers told us."""
        return Deliveries(self.session)

    @cached_property
    def durable_commits(self) -> DurableCommits:
        """Commits that must last."""
        return DurableCommits(self.session)

    @cached_property
    def ahead(self) -> Ahead:
        """What a clock wrote that was ahead."""
        return Ahead(self.session)

    @cached_property
    def warm_ups(self) -> WarmUps:
        """Sending domains that warm up."""
        return WarmUps(self.session)

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

    @cached_property
    def approval_rules(self) -> ApprovalRulesVersions:
        """Whom requests are told to, deputies, readers."""
        return ApprovalRulesVersions(self.session)

    @cached_property
    def approval_notices(self) -> ApprovalNotices:
        """Who was told of requests."""
        return ApprovalNotices(self.session)

    @cached_property
    def approval_passes(self) -> ApprovalPasses:
        """Requests that passed to a deputy."""
        return ApprovalPasses(self.session)

    @cached_property
    def pre_approvals(self) -> PreApprovals:
        """Periods that approvers approved in advance."""
        return PreApprovals(self.session)

    @cached_property
    def approval_readings(self) -> ApprovalReadings:
        """Whose texts somebody has read."""
        return ApprovalReadings(self.session)

    @cached_property
    def inbox(self) -> Inbox:
        """What came in and is not in the lake yet."""
        return Inbox(self.session)

    @cached_property
    def webhook_secrets(self) -> WebhookSecrets:
        """Secrets that sign webhooks."""
        return WebhookSecrets(self.session, self._open_vault)

    @cached_property
    def outside(self) -> Outside:
        """How new copies of outside objects are."""
        return Outside(self.session)

    @cached_property
    def triggers(self) -> TriggerQueue:
        """What may make a step due at once."""
        return TriggerQueue(self.session)

    @cached_property
    def alerts(self) -> Alerts:
        """What people are told."""
        return Alerts(self.session)

    @cached_property
    def amendments(self) -> Amendments:
        """Changes of live plans."""
        return Amendments(self.session)

    @cached_property
    def autonomy(self) -> Autonomy:
        """How far actions may go by themselves."""
        return Autonomy(self.session)

    @cached_property
    def releases(self) -> Releases:
        """Staged releases."""
        return Releases(self.session)

    @cached_property
    def runs(self) -> Runs:
        """Runs, schedules and workers."""
        return Runs(self.session)

    @cached_property
    def switches(self) -> Switches:
        """Kill switches."""
        return Switches(self.session)

    @cached_property
    def sent_counts(self) -> SentCounts:
        """Counts over the outbox."""
        return SentCounts(self.session)
