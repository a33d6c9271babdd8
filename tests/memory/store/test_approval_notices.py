from datetime import timedelta

from memory.domain.clock import ManualClock
from memory.store.approval_notices import LONGEST_HAND_OFF
from memory.store.engine import Store


def test_a_notice_is_planned_claimed_and_ended_once(any_store: Store, clock: ManualClock) -> None:
    now = clock.now()
    with any_store.unit_of_work() as uow:
        assert uow.approval_notices.plan("a1", "nord", "waiting", "mail:ava", now)
        assert not uow.approval_notices.plan("a1", "nord", "waiting", "mail:ava", now)
        (notice,) = uow.approval_notices.due(now)
        assert uow.approval_notices.claim(notice, now)
        assert not uow.approval_notices.claim(notice, now)
        uow.approval_notices.end(notice, "planned", now, reason="busy", next_at=now + timedelta(minutes=1))
    with any_store.unit_of_work() as uow:
        assert uow.approval_notices.due(now) == ()
        (again,) = uow.approval_notices.due(now + timedelta(minutes=1))
        assert (again.n_tries, again.reason) == (1, "busy")
        assert uow.approval_notices.claim(again, now)
        uow.approval_notices.end(again, "told", now, next_at=now)
        (told,) = uow.approval_notices.of("a1")
    assert (told.status, told.told_at, told.n_tries) == ("told", now, 2)


def test_a_hand_off_that_was_cut_short_is_unknown_and_not_due(any_store: Store, clock: ManualClock) -> None:
    now = clock.now()
    with any_store.unit_of_work() as uow:
        uow.approval_notices.plan("a1", "nord", "waiting", "bot:team", now)
        (notice,) = uow.approval_notices.due(now)
        uow.approval_notices.claim(notice, now)
        assert uow.approval_notices.cut_short(now + LONGEST_HAND_OFF) == 0
        later = now + LONGEST_HAND_OFF + timedelta(seconds=1)
        assert uow.approval_notices.cut_short(later) == 1
        assert uow.approval_notices.due(later) == ()
        assert uow.approval_notices.of("a1")[0].status == "unknown"
