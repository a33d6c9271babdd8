"""What other tools sent uses up caps where it is decided what goes to whom (S2-44)."""

from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from agent.tick.known import sent_elsewhere
from tests.agent.tick.test_run import Running
from tests.factories.doing import LIVE_AT
from tests.factories.outside import others_sent

pytestmark = pytest.mark.slow
DAY = 43
"""On which the cohort is invited to the January mission, a promotion that needs no goods."""
AT = LIVE_AT + timedelta(days=DAY)


def invited(live: Running) -> dict[str, str]:
    """Person to what was chosen about the mission; the day before takes all steps that were due until then."""
    live.tick(DAY - 1, rate=0.0)
    live.tick(DAY, rate=0.0)
    chosen = {row["person_id"]: row for row in live.decisions() if row["step_id"] == "first_time.january_mission"}
    return {str(person): str(row["chosen"]) for person, row in chosen.items() if row["arm"] == "treated"}


def test_s2_44_two_promotions_of_another_tool_in_seven_days_leave_no_room_for_ours(tmp_path: Path) -> None:
    usual, live = (Running(_folder(tmp_path, name)) for name in ("usual", "live"))
    everybody = sorted(person for person, chosen in invited(usual).items() if chosen != "none")
    full, long_ago, served, merged = everybody[:4]
    others_sent(live.store, [full, "another record"], 2, AT - timedelta(days=3))
    others_sent(live.store, [long_ago], 2, AT - timedelta(days=8))
    others_sent(live.store, [served], 3, AT - timedelta(days=3), "service")
    with live.store.unit_of_work() as uow:
        uow.identities.replace(pa.table({"subject_id": ["another record"], "person_id": [merged]}))
    found = {person for person, chosen in invited(live).items() if chosen != "none"}
    assert found == set(everybody) - {full, merged}


@pytest.mark.parametrize("is_few", [False, True])
def test_s2_44_sends_count_for_whoever_the_person_is_now(tmp_path: Path, is_few: bool) -> None:
    live = Running(tmp_path)
    others_sent(live.store, ["old record", "p00003", "stranger"], 1, AT)
    with live.store.unit_of_work() as uow:
        uow.identities.replace(pa.table({"subject_id": ["old record", "p00001"], "person_id": ["p00002", "p00002"]}))
    with live.store.read() as uow:
        asked = ["p00001", "p00002", "p00003", "p00004"]
        found = sent_elsewhere(uow, "nord", (AT - timedelta(days=7), AT), asked, is_few=is_few).to_pylist()
        late = sent_elsewhere(uow, "nord", (AT, AT + timedelta(days=7)), asked, is_few=is_few)
        ahead = sent_elsewhere(uow, "nord", (AT - timedelta(days=7), AT - timedelta(seconds=1)), asked, is_few=is_few)
    assert sorted(row["person_id"] for row in found) == ["p00001", "p00002", "p00003"]
    assert {(row["message_class"], row["plan_id"], row["at"]) for row in found} == {("promotional", "", AT)}
    assert late.num_rows == 0
    assert ahead.num_rows == 0, "what is dated ahead counts when its time has come"


def _folder(tmp_path: Path, name: str) -> Path:
    (tmp_path / name).mkdir()
    return tmp_path / name
