"""B8 over ten thousand records: whatever is merged and imported again, nobody of a control group gets a message."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from agent.dispatch import dispatch
from agent.dispatch.facts import read_facts
from eval.faults.cap_race import prepare, race_at
from eval.faults.world import KEY, SHOP, a_context, a_plan, sqlite_url
from memory.domain.clock import ManualClock
from memory.domain.facts import IDENTITIES_SCHEMA
from memory.store.engine import Store, open_store
from tools.channels.memory import MemorySender
from tools.experiments import assign

pytestmark = pytest.mark.slow

N_RECORDS, N_PEOPLE, N_MAILS, RATE = 10_000, 5_000, 40, 0.1
PLAN = a_plan(a_context())
AT = race_at(PLAN)
EXPERIMENT = PLAN.holdout.experiment_id


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Forty people with a mail each, all in the treated arm, and nothing else."""
    url = sqlite_url(tmp_path / "merges.db")
    assert prepare(url, N_MAILS, per_person=1) == N_MAILS
    store = open_store(url)
    yield store
    store.close()


def merged(store: Store, seed: int) -> pa.Table:
    """Ten thousand more records with arms of their own, each merged into one of five thousand people at random.

    Columns: subject_id, person_id, arm.
    """
    numbers = np.random.default_rng(seed).integers(0, N_PEOPLE, N_RECORDS)
    names = [f"p{number:05d}" for number in range(N_MAILS)] + [f"m{number:05d}" for number in range(N_MAILS, N_PEOPLE)]
    records = pa.array([f"r{number:05d}" for number in range(N_RECORDS)])
    people = pa.array(names).take(pa.array(numbers))
    cohort = pa.repeat("vip", N_RECORDS)
    arms = assign(KEY, EXPERIMENT, pa.table({"person_id": records, "cohort": cohort}), RATE)
    with store.unit_of_work() as uow:
        uow.assignments.put(SHOP.shop_id, EXPERIMENT, arms)
        uow.identities.replace(pa.table([records, people], schema=IDENTITIES_SCHEMA))
    return pa.table({"subject_id": records, "person_id": people, "arm": arms["arm"]})


def withheld(records: pa.Table) -> set[str]:
    """People with at least one record in the control group."""
    return set(records.filter(pc.field("arm") == "control")["person_id"].to_pylist())


@pytest.mark.parametrize("seed", [7, 8])
def test_b8_i11_of_people_merged_at_random_those_with_a_withheld_record_get_nothing(store: Store, seed: int) -> None:
    control = withheld(merged(store, seed))
    sender, clock = MemorySender(ManualClock(AT)), ManualClock(AT)
    with store.read() as uow:
        rows = uow.outbox.due(SHOP.shop_id, "email", AT, N_MAILS, lock=False)
    kept = {row.send_key for row in rows if row.person_id in control}
    report = dispatch(store, {"email": sender}, clock, KEY, SHOP.shop_id)
    assert 0 < len(kept) < N_MAILS
    assert report.suppressed == {"control_group": len(kept)}
    assert set(sender.messages) == {row.send_key for row in rows} - kept


def test_b8_every_one_of_ten_thousand_merged_records_has_its_persons_stricter_arm(store: Store) -> None:
    """A message to any record is judged by all records of the person; one that looks at its own arm would leak."""
    records = merged(store, 9)
    control = withheld(records)
    with store.read() as uow:
        (row, *_) = uow.outbox.due(SHOP.shop_id, "email", AT, 1, lock=False)
    shape = dict(row._mapping)
    with store.unit_of_work() as uow:
        uow.outbox.plan([shape | {"send_key": who, "person_id": who} for who in records["subject_id"].to_pylist()])
    with store.unit_of_work() as uow:
        rows = uow.outbox.due(SHOP.shop_id, "email", AT, N_RECORDS + N_MAILS)
        facts = read_facts(uow, SHOP.shop_id, [one for one in rows if one.send_key.startswith("r")], AT)
    assert {person for _, person in facts.control} == control
    assert len(facts.person_of) == N_RECORDS
    own = set(records.filter(pc.field("arm") == "control")["subject_id"].to_pylist())
    n_leaks = sum(person in control and subject not in own for subject, person in facts.person_of.items())
    assert n_leaks > 500, "so many would leak by their own arm"


def test_b8_importing_everybody_again_changes_no_arm(store: Store) -> None:
    records = merged(store, 10)
    turned = pc.if_else(pc.equal(records["arm"], "control"), "treated", "control")
    again = pa.table({"person_id": records["subject_id"], "cohort": pa.repeat("vip", N_RECORDS), "arm": turned})
    with store.unit_of_work() as uow:
        before = uow.assignments.arms(SHOP.shop_id, EXPERIMENT)
        uow.assignments.put(SHOP.shop_id, EXPERIMENT, again)
    with store.read() as uow:
        assert uow.assignments.arms(SHOP.shop_id, EXPERIMENT).equals(before)
    assert before.num_rows == N_RECORDS + N_MAILS
