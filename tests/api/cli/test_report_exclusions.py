"""Exclusion lists on the command line: withheld and suppressed people, for who may see contact data, and logged."""

import csv
import os
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from agent.assembly import App
from memory.domain.principal import Grant, Principal
from memory.domain.standing import CORE, StandingHoldout
from tests.api.conftest import STOCKED

from .conftest import Run

pytestmark = pytest.mark.slow
AT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def lists(so: Run, stocked: App) -> tuple[str, str]:
    """A support person, one withheld and one suppressed address; gives both."""
    with stocked.store.unit_of_work() as uow:
        grant = Grant.model_validate({"shop_id": STOCKED, "role": "support"})
        uow.principals.add(Principal(id="sue", name="sue", grants=(grant,)), AT)
        some = sorted(uow.contacts.with_address(STOCKED, "email"))
        people = sorted(set(uow.identities.people_of(some).values()))
        withheld, other = people[0], people[1]
        uow.standing.put(StandingHoldout(shop_id=STOCKED, started_on=AT.date()))
        arms = pa.table({"person_id": [withheld], "cohort": ["vip"], "arm": ["control"]})
        uow.assignments.put(STOCKED, CORE, arms)
        keys = uow.contacts.keys_of(STOCKED, [other])[other]
        uow.consents.suppress(dict(keys)["email"], "email", "manual", AT, "test", shop_id=STOCKED)
        found = uow.contacts.by_person(STOCKED, people[:2])
    return found[withheld].email, found[other].email


def test_who_may_see_contacts_gets_the_list_and_it_is_logged(
    so: Run, stocked: App, lists: tuple[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "x.csv"
    words = ("report", "exclusions", "--format", "klaviyo", "--out", str(path), "--which")
    assert so(*words, "holdout", as_id="sue").code == 0
    emails = {row["Email"] for row in csv.DictReader(path.read_text("utf-8").splitlines())}
    assert emails == {lists[0]}
    assert so(*words, "all", as_id="sue").code == 0
    emails = {row["Email"] for row in csv.DictReader(path.read_text("utf-8").splitlines())}
    assert set(lists) <= emails
    assert path.stat().st_mode & 0o077 == 0
    with stocked.store.read() as uow:
        entries = [entry for entry in uow.audit.entries() if entry.action == "exclusions.export"]
    assert [entry.actor for entry in entries] == ["sue", "sue"]
    assert lists[0] not in str(entries), "the log names no address"


def test_nobody_else_can_read_the_list_at_any_instant_nor_through_the_earlier_one(
    so: Run, stocked: App, lists: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "chmod", lambda *_: None)  # what is closed only after it was written was open before
    words = ("report", "exclusions", "--format", "klaviyo")
    path = stocked.settings.home / f"exclusions-klaviyo-{STOCKED}.csv"
    before = os.umask(0)
    try:
        for _ in range(2):
            assert so(*words, as_id="sue").code == 0
            assert path.stat().st_mode & 0o777 == 0o600
            assert lists[0] in path.read_text("utf-8")
        opened = tmp_path / "opened.csv"
        opened.write_text("earlier")
        with opened.open() as by_others:
            assert so(*words, "--out", str(opened), as_id="sue").code == 0
            assert by_others.read() == "earlier"
        assert opened.stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(before)
    assert not list(path.parent.glob(".exclusions*"))


def test_a_folder_that_is_not_there_is_named_with_the_remedy(so: Run, lists: tuple[str, str], tmp_path: Path) -> None:
    del lists
    path = tmp_path / "none" / "x.csv"
    refused = so("report", "exclusions", "--format", "meta", "--out", str(path), as_id="sue")
    assert refused.code != 0
    assert "Name another file" in refused.err and path.name in refused.err and f".{path.name}" not in refused.err


def test_a_marketer_is_refused_and_a_wrong_format_is_explained(so: Run, lists: tuple[str, str]) -> None:
    del lists
    refused = so("report", "exclusions", "--format", "meta", as_id="mia")
    assert refused.code != 0 and "contact" in refused.err
    wrong = so("report", "exclusions", "--format", "xml", as_id="sue")
    assert wrong.code != 0 and "klaviyo, meta" in wrong.err
