"""The kill switch: nothing leaves once it is on, and nothing goes on without a person."""

from datetime import timedelta

import pytest

from agent.dispatch.hand import STOPPED
from agent.runs import set_switch
from memory.domain.errors import NotPermitted
from memory.domain.message import Accepted
from memory.domain.switch import EVERYWHERE
from tests.agent.dispatch.conftest import Desk, Scripted
from tests.factories.approvals import AVA, BOT, MIA, person
from tests.factories.doing import LIVE_AT

pytestmark = pytest.mark.slow

OK = Accepted(receipt="r", at=LIVE_AT)


def turn(desk: Desk, *, is_stopped: bool, scope: str = "nord") -> None:
    set_switch(desk.store, desk.clock, MIA, scope, is_stopped=is_stopped, reason="drill")


def test_a10_a_stop_in_the_middle_of_a_batch_stops_the_very_next_hand_off(desk: Desk) -> None:
    n, sender = len(desk.planned()), Scripted([OK])
    sender.before = lambda _m: turn(desk, is_stopped=True) if len(sender.journal) == 2 else None
    report = desk.run(sender)
    assert len(sender.journal) == 3  # the one in hand is the last
    assert report.refused[0].rule == STOPPED
    desk.clock.advance(timedelta(minutes=5))
    desk.run(sender)
    assert len(sender.journal) == 3
    turn(desk, is_stopped=False)
    desk.run(sender)
    assert len(sender.journal) == len({m.send_key for m in sender.journal}) == n
    assert desk.counts() == {("sent", ""): n}


def test_i13_a_stop_everywhere_binds_every_shop_and_needs_an_admin(desk: Desk) -> None:
    with pytest.raises(NotPermitted):
        turn(desk, is_stopped=True, scope=EVERYWHERE)
    set_switch(desk.store, desk.clock, person("ada", "admin"), EVERYWHERE, is_stopped=True)
    sender = Scripted([OK])
    desk.run(sender)
    assert sender.journal == []


def test_an_approver_may_stop_and_an_agent_may_not_let_it_go_on(desk: Desk) -> None:
    set_switch(desk.store, desk.clock, AVA, "nord", is_stopped=True)
    with pytest.raises(NotPermitted):
        set_switch(desk.store, desk.clock, BOT, "nord", is_stopped=False)
    with desk.store.read() as uow:
        assert uow.switches.is_stopped("nord")
        assert "kill_switch" in {alert.code for alert in uow.alerts.all("nord")}
        assert [entry.action for entry in uow.audit.entries()][-1] == "switch.stop"


def test_a10_planted_a_dispatcher_that_does_not_look_again_goes_on(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.dispatch.hand.STOPPED", "never")
    sender = Scripted([OK])
    sender.before = lambda _m: turn(desk, is_stopped=True) if len(sender.journal) == 2 else None
    monkeypatch.setattr("agent.dispatch.hand.Hand._refusal", lambda *_: "")
    desk.run(sender)
    assert len(sender.journal) > 3
