"""Requests are told by every way that is set up, each once, whatever fails or is killed."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from agent.alerts import request_ways, requests, tell_requests
from agent.approval import decide, pass_on
from agent.assembly import App, assemble
from agent.settings import load_settings
from memory.domain.approval import Approval
from memory.domain.clock import ManualClock
from memory.domain.message import Accepted, Ambiguous, HandOff, Refused
from tests.agent.alerts.test_telling import Answers
from tests.factories.approvals import AVA
from tests.factories.around_approvals import a_deputy, a_reader, a_request, mail, with_rules
from tests.servers.bots import PATHS, SECRET, TOKEN, BotVendorServer
from tests.servers.http import FaultServer, Reply


@pytest.fixture
def app(tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    monkeypatch.setattr(request_ways, "SLEEP", lambda _: None)
    settings = load_settings(home=tmp_path / "home", channels_allow_loopback=True)
    made = assemble(settings, clock)
    yield made
    made.close()


def with_mail(app: App, *answers: HandOff) -> Answers:
    """Let mails be answered so."""
    sender = Answers(list(answers) or [Accepted(receipt="r", at=app.clock.now())])
    app.__dict__["channels"] = {"email": sender}
    return sender


def a_waiting(app: App, **rules: Any) -> Approval:
    assert isinstance(app.clock, ManualClock)
    request = a_request(app.store, app.clock)
    with_rules(app.store, app.clock, **rules)
    return request


def states(app: App, request: Approval) -> dict[tuple[str, str], str]:
    with app.store.read() as uow:
        return {(one.kind, one.way): one.status for one in uow.approval_notices.of(request.id)}


def test_each_approver_is_mailed_once_and_who_touched_it_never(app: App) -> None:
    sender = with_mail(app)
    mails = (mail("ava", zone="Asia/Tokyo"), mail("ben", language="zh"), mail("mia"), mail("dan"))
    request = a_waiting(app, mails=mails)
    assert (tell_requests(app), tell_requests(app)) == (2, 0)
    assert states(app, request) == {("waiting", "mail:ava"): "told", ("waiting", "mail:ben"): "told"}
    by_name = {message.to: message for message in sender.taken}
    english, chinese = by_name["ava@nord.example.invalid"], by_name["ben@nord.example.invalid"]
    assert f"/ui/approvals/{request.id}?view=summary" in english.text
    assert "(Asia/Tokyo)" in english.text
    assert "等待您审批" in chinese.subject
    assert "(Europe/Berlin)" in chinese.text


def test_a_crash_in_the_hand_off_is_no_second_notice(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed after the provider took it and before it was written down: the notice is unknown, not repeated."""
    sender = with_mail(app)
    request = a_waiting(app, mails=(mail("ava"),))

    class Killed(BaseException):
        pass

    def killed(app: App, notice: Any) -> HandOff:
        sender.taken.append(notice)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(requests, "hand_off", killed)
        with pytest.raises(Killed):
            tell_requests(app)
    assert states(app, request) == {("waiting", "mail:ava"): "sending"}
    assert tell_requests(app) == 0
    assert isinstance(app.clock, ManualClock)
    app.clock.advance(timedelta(minutes=6))
    assert tell_requests(app) == 0
    assert states(app, request) == {("waiting", "mail:ava"): "unknown"}
    assert len(sender.taken) == 1


def test_two_workers_tell_once(app: App) -> None:
    sender = with_mail(app)
    request = a_waiting(app, mails=(mail("ava"),))
    now = app.clock.now()
    with app.store.unit_of_work() as uow:
        uow.approval_notices.plan(request.id, "nord", "waiting", "mail:ava", now)
        (notice,) = uow.approval_notices.due(now)
        assert uow.approval_notices.claim(notice, now)
        assert not uow.approval_notices.claim(notice, now)
    assert tell_requests(app) == 0
    assert sender.taken == []


def test_what_was_not_taken_is_tried_again_later_and_not_for_ever(app: App) -> None:
    sender = with_mail(app, Refused(reason="451 busy", is_retryable=True))
    request = a_waiting(app, mails=(mail("ava"),))
    assert tell_requests(app) == 0
    assert len(sender.taken) == 3, "tried again within the round"
    assert tell_requests(app) == 0
    assert len(sender.taken) == 3, "and then not before its wait is over"
    assert isinstance(app.clock, ManualClock)
    for _ in range(8):
        app.clock.advance(timedelta(hours=1))
        tell_requests(app)
    assert states(app, request) == {("waiting", "mail:ava"): "failed"}


@pytest.mark.parametrize(
    ("answer", "state"), [(Ambiguous(reason="lost"), "unknown"), (Refused(reason="550", is_retryable=False), "failed")]
)
def test_what_nobody_can_say_the_end_of_is_shown_and_not_repeated(app: App, answer: HandOff, state: str) -> None:
    sender = with_mail(app, answer)
    request = a_waiting(app, mails=(mail("ava"),))
    tell_requests(app)
    assert isinstance(app.clock, ManualClock)
    app.clock.advance(timedelta(hours=2))
    tell_requests(app)
    assert states(app, request) == {("waiting", "mail:ava"): state}
    assert len(sender.taken) == 1


def test_a_decided_request_is_told_to_nobody(app: App) -> None:
    sender = with_mail(app, Refused(reason="busy", is_retryable=True))
    request = a_waiting(app, mails=(mail("ava"), mail("ben")))
    tell_requests(app)
    n = len(sender.taken)
    decide(app.store, app.clock, AVA, request.id, "approve")
    assert isinstance(app.clock, ManualClock)
    app.clock.advance(timedelta(hours=1))
    assert tell_requests(app) == 0
    assert len(sender.taken) == n


def test_a_deputy_is_told_when_it_passes_and_a_reader_while_texts_are_unread(app: App) -> None:
    sender = with_mail(app)
    request = a_waiting(app, mails=(mail("dan"), mail("yui")), deputies=(a_deputy(8),), readers=(a_reader("yui"),))
    assert tell_requests(app) == 1
    assert states(app, request) == {("reading", "mail:yui"): "told"}
    assert isinstance(app.clock, ManualClock)
    app.clock.advance(timedelta(hours=8))
    pass_on(app.store, app.clock)
    assert (tell_requests(app), tell_requests(app)) == (1, 0)
    assert states(app, request)[("passed", "mail:dan")] == "told"
    assert "dan may decide now in place of ava" in sender.taken[-1].text


def test_i14_the_title_leaves_without_customers_and_money_stays_inside(app: App) -> None:
    from agent.approval import request
    from tests.factories.approvals import MIA
    from tests.factories.plans import good_plan

    sender = with_mail(app)
    a_waiting(app, mails=(mail("ava"),))
    told = good_plan().model_copy(update={"title": "For zdenka@people.example.invalid and +49 1520 1234567"})
    with app.store.unit_of_work() as uow:
        uow.plans.put(told, "mia", (), app.clock.now())
    request(app.store, app.clock, MIA, told.id)
    assert tell_requests(app) == 2
    said = " ".join(f"{message.subject} {message.text}" for message in sender.taken)
    assert "[email]" in said
    for piece in ("people.example.invalid", "1234567", "EUR", "€"):
        assert piece not in said


@pytest.mark.slow
def test_bots_are_told_over_their_contracts_and_no_secret_gets_into_a_log_or_a_row(app: App) -> None:
    from agent.alerts.bots import prove_bot, set_bot
    from memory.domain.approval_rules import ChatBot
    from tests.factories.around_approvals import ADA

    assert isinstance(app.clock, ManualClock)
    request = a_request(app.store, app.clock)
    good, bad = BotVendorServer("dingtalk", SECRET), BotVendorServer("wecom")
    bad.answers = [Reply(200, {"errcode": 93000, "errmsg": f"invalid webhook url {TOKEN}"})] * 3
    servers = [FaultServer(good), FaultServer(bad)]
    try:
        with capture_logs() as said:
            ding, wecom = ChatBot(name="ding", vendor="dingtalk"), ChatBot(name="wecom", vendor="wecom")
            set_bot(app, ADA, "nord", ding, servers[0].url + PATHS["dingtalk"], SECRET)
            set_bot(app, ADA, "nord", wecom, servers[1].url + PATHS["wecom"])
            assert isinstance(prove_bot(app, ADA, "nord", "ding"), Accepted)
            assert tell_requests(app) == 1
            assert tell_requests(app) == 0
    finally:
        for server in servers:
            server.stop()
    assert states(app, request) == {("waiting", "bot:ding"): "told", ("waiting", "bot:wecom"): "failed"}
    assert len(good.taken) == 2
    with app.store.read() as uow:
        rows = str([*uow.approval_notices.of(request.id), *uow.audit.entries(), uow.approval_rules.history("nord")])
        assert all(TOKEN not in one.name for one in uow.secrets.all("nord"))
    for secret in (TOKEN, SECRET):
        assert secret not in rows + str(said)


def test_a_worker_passes_on_and_tells(app: App) -> None:
    from agent.runs.worker import RunWorker

    sender = with_mail(app)
    request = a_waiting(app, mails=(mail("ava"), mail("dan")), deputies=(a_deputy(1),))
    worker = RunWorker(app)
    worker.notify()
    assert isinstance(app.clock, ManualClock)
    app.clock.advance(timedelta(hours=1))
    worker.notify()
    worker.notify()
    assert states(app, request) == {("waiting", "mail:ava"): "told", ("passed", "mail:dan"): "told"}
    assert len(sender.taken) == 2
