"""From a full intake to lake and store, in the caller's transaction: the same way for files and for live deliveries."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from memory.domain.market import Shop
from memory.lake.lake import Lake
from memory.store.unit_of_work import UnitOfWork
from tools.facts import Committed, commit_facts
from tools.markets import load_markets

from .forgotten import leave_out_erased
from .intake import Intake
from .order_events import settle_order_events
from .outside_sends import store_outside_sends
from .people_rows import mark_lists, move_people, store_contacts, store_links, store_suppressions, update_people
from .settle import export_statements, settle_undated
from .state import touched_subjects, update_state


@dataclass(frozen=True)
class Taken:
    """What a commit did."""

    committed: Committed
    """Data version and counts per table."""
    n_links: int
    """New identity links."""
    n_people: int
    """People whose state was looked at."""


@dataclass(frozen=True)
class IntakeCommit:
    """How one intake is committed."""

    lake: Lake
    """Where facts go."""
    shop: Shop
    """Whose they are."""
    reason: str
    """What the data version is called."""
    source_name: str
    """What links and suppressions are said to come from."""
    principal_id: str
    """Who brought them."""
    is_near: bool = False
    """Whether only the people near the new links are resolved: what a few live deliveries cost must not grow."""

    def commit(self, uow: UnitOfWork, intake: Intake) -> Taken:
        """Change lake and store; the lake is written first, the store row that names it comes last."""
        look_up(uow, self.lake, intake, mark=True)
        files = files_of(uow, intake)
        n_links, changed, facts = self._people(uow, intake, files)
        committed = commit_facts(uow, self.lake, facts, self.reason, intake.at)
        subjects = {*touched_subjects(files), *changed}
        n_people = update_state(uow, self.lake, self.shop, load_markets(), sorted(subjects))
        return Taken(committed, n_links, n_people)

    def _people(self, uow: UnitOfWork, intake: Intake, files: dict[str, Path]) -> tuple[int, list[str], dict[str, Any]]:
        """Write contacts, suppressions and links; give new links, subjects they touch, and the facts to commit."""
        shop_id, changed = self.shop.shop_id, []
        if "_contacts" in files:
            store_contacts(uow, shop_id, files["_contacts"], intake.at)
        if "_suppressed" in files:
            addresses = store_suppressions(uow, shop_id, files["_suppressed"], self.source_name)
            changed += uow.contacts.subjects_with(shop_id, addresses)
        if "events" in files:
            store_outside_sends(uow, shop_id, files["events"], intake.at)
        mark_lists(uow, shop_id, intake.listed_channels, self.principal_id, intake.at)
        n_links = store_links(uow, shop_id, files, self.source_name, intake.at)
        facts = facts_of(uow, self.lake, intake, files)
        if n_links and self.is_near:
            moves, moved = move_people(uow, files["_links"])
            if moved:
                facts["identity_moves"] = moves
                changed += moved
        elif n_links and (people := update_people(uow)):
            facts["identities"] = people[0]
            changed += people[1]
        return n_links, changed, facts


def look_up(uow: UnitOfWork, lake: Lake, intake: Intake, *, mark: bool = False) -> None:
    """Fill in what needs a look at what is known: statements of the product, refunds that name only an order."""
    export_statements(uow, intake, mark=mark)
    if pending := intake.take_spool("_order_events"):
        settle_order_events(uow, lake, intake, pending)


def facts_of(uow: UnitOfWork, lake: Lake, intake: Intake, files: dict[str, Path]) -> dict[str, Any]:
    """Give the files that go to the lake."""
    if "consents" in files and intake.has_undated_consents:
        settle_undated(uow, lake, files["consents"], intake.at)
    return {table: file for table, file in files.items() if not table.startswith("_")}


def files_of(uow: UnitOfWork, intake: Intake) -> dict[str, Path]:
    """Close the intake and give its files without what they say of erased people."""
    files = intake.close()
    leave_out_erased(uow, intake, files)
    return files
