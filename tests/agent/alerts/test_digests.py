"""What came of a pre-approved period is mailed once it is over, to the approver who granted it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from agent.alerts import request_ways, tell_requests
from agent.approval.periods import grant_period
from agent.assembly import App, assemble
from agent.settings import load_settings
from memory.domain.clock import ManualClock
from memory.domain.message import Accepted
from tests.agent.alerts.test_telling import Answers
from tests.agent.approval.test_periods import limits
from tests.factories.approvals import AVA, PLAN_ID
from tests.factories.around_approvals import a_request, mail, with_rules
from tests.factories.sends import a_send

DAY = timedelta(days=1)


@pytest.fixture
def app(tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    monkeypatch.setattr(request_ways, "SLEEP", lambda _: None)
    made = assemble(load_settings(home=tmp_path / "home", public_url="https://so.example.com"), clock)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Messages sent: 2. Stopped: 1."), ("zh", "已发送 2 条，已停止 1 条")]
)
def test_the_approver_is_told_once_what_was_sent_and_stopped(app: App, language: str, said: str) -> None:
    clock = app.clock
    assert isinstance(clock, ManualClock)
    a_request(app.store, clock)
    with_rules(app.store, clock, mails=(mail("ava", language=language),))
    sender = Answers([Accepted(receipt="r", at=clock.now())])
    app.__dict__["channels"] = {"email": sender}
    tell_requests(app)
    start = clock.now()
    with app.store.unit_of_work() as uow:
        period = grant_period(uow, AVA, PLAN_ID, "Spring Festival", start, start + 8 * DAY, limits(), "dan", start)
        for number, state in enumerate(("sent", "sent", "suppressed")):
            a_send(uow, "nord", f"k{number}", f"p{number}", "email", start + DAY, state=state, plan_id=PLAN_ID,
                   reason="" if state == "sent" else "no_consent")  # fmt: skip
    n_before = len(sender.taken)
    clock.advance(7 * DAY)
    tell_requests(app)
    assert len(sender.taken) == n_before  # it is not over yet
    clock.advance(2 * DAY)
    tell_requests(app)
    tell_requests(app)
    (told,) = sender.taken[n_before:]
    assert told.to == "ava@nord.example.invalid" and "Spring Festival" in told.subject
    assert said in told.text and "step" in told.text and "no_consent" in told.text
    assert f"https://so.example.com/ui/approvals?view=periods&period={period.id}" in told.text
