"""Who looks at the workspace: a page that looks again by itself keeps no unused session alive."""

from datetime import timedelta

import pytest

from agent.assembly import App
from api.ui.shell.visitor import Visitor
from memory.domain.clock import ManualClock
from memory.domain.errors import NotAuthenticated
from memory.store.sign_ins import SESSION_IDLE
from tests.api.conftest import token_of


def test_d2_looking_again_by_itself_lets_a_session_idle_out_and_use_keeps_it(
    installation: App, clock: ManualClock
) -> None:
    token_of(installation, "mia", "marketer")
    with installation.store.unit_of_work() as uow:
        session = uow.sign_ins.open("mia", "password", clock.now())
    visitor = Visitor(installation, {}, session)
    step = SESSION_IDLE / 2 + timedelta(seconds=1)
    clock.advance(step)
    assert visitor.principal(is_here=True).id == "mia"  # used: half the idle time begins anew
    clock.advance(step)
    assert visitor.acting(is_here=False).principal.id == "mia"
    clock.advance(step)
    with pytest.raises(NotAuthenticated):
        visitor.acting(is_here=False)
