"""What other tools sent takes cap slots at the claim and at the last look, for both checkers (S2-44)."""

from datetime import timedelta

import pytest

from agent.dispatch import claim
from tests.agent.dispatch.conftest import Desk, Scripted
from tests.agent.dispatch.test_second import _any
from tests.factories.outside import others_sent
from tools.channels.memory import MemorySender

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("planted", [False, True])
def test_s2_44_the_claim_counts_what_others_sent_with_either_checker(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, planted: bool
) -> None:
    """The planted bug takes the first check out; the second one still refuses. Thank-yous are service: three a week."""
    if planted:
        monkeypatch.setattr(claim, "check", lambda *_: None)
    full, one_left, long_ago, promoted, dated_ahead = [row.person_id for row in desk.planned()[:5]]
    now = desk.clock.now()
    others_sent(desk.store, [full], 3, now - timedelta(days=2), "service")
    others_sent(desk.store, [one_left], 2, now - timedelta(days=2), "service")
    others_sent(desk.store, [long_ago], 3, now - timedelta(days=7), "service")
    others_sent(desk.store, [promoted], 5, now - timedelta(days=2))
    others_sent(desk.store, [dated_ahead], 5, now + timedelta(days=900), "service")
    n = len(desk.planned())
    report = desk.run()
    assert (report.n_sent, report.suppressed) == (n - 1, {"frequency_cap": 1})


def test_s2_44_sends_that_come_in_between_claim_and_hand_off_count(desk: Desk) -> None:
    people = [row.person_id for row in desk.planned()]

    def told(_: object) -> None:
        others_sent(desk.store, people, 3, desk.clock.now(), "service")

    sender = Scripted([MemorySender(desk.clock).hand_off(_any())], before=told)
    report = desk.run(sender, limit=10)
    assert len(sender.journal) == 1
    assert report.suppressed == {"frequency_cap": 9}
