"""Staged release: few first by stored place, more after a dated wait without harm, and harm stops it with an alert."""

from datetime import timedelta

import pytest

from agent.runs import grant_autonomy, review_releases
from agent.tick.release import find_harm, open_release
from memory.domain.canonical import content_hash
from memory.domain.message import Accepted, Refused
from memory.domain.release import Release, ReleaseRule, ReleaseStage
from tests.agent.dispatch.conftest import KEY, Desk, Scripted
from tests.factories.doing import LIVE_AT

pytestmark = pytest.mark.slow

OK = Accepted(receipt="r", at=LIVE_AT)
RULE = ReleaseRule()


def staged(desk: Desk) -> Release:
    with desk.store.unit_of_work() as uow:
        return open_release(uow, KEY, desk.world.plan, desk.clock.now())


def standing(desk: Desk) -> Release:
    with desk.store.read() as uow:
        found = uow.releases.get(desk.world.plan.id)
    assert found is not None
    return found


def places(desk: Desk) -> dict[str, float]:
    with desk.store.read() as uow:
        return uow.releases.places(desk.world.plan.id, {person: person for person in desk.world.people})


def reached(sender: Scripted) -> set[str]:
    return {message.to.partition("@")[0] for message in sender.journal}


def test_a_stage_reaches_exactly_the_people_below_its_share(desk: Desk) -> None:
    staged(desk)
    n, sender = len(desk.planned()), Scripted([OK])
    desk.run(sender)
    below = {person for person, place in places(desk).items() if place < 0.01}
    assert reached(sender) <= below
    assert len(desk.planned()) == n - len(sender.journal)
    desk.clock.advance(timedelta(hours=12))
    (second,) = review_releases(desk.store, desk.clock, "nord")
    assert (second.stage, second.share_rate) == (1, 0.10)
    desk.clock.advance(timedelta(hours=12))
    desk.run(sender)
    assert reached(sender) <= {person for person, place in places(desk).items() if place < 0.10}
    assert reached(sender)


def test_it_does_not_advance_before_its_wait_is_over_and_ends_with_everybody(desk: Desk) -> None:
    staged(desk)
    desk.clock.advance(timedelta(hours=11, minutes=59))
    assert review_releases(desk.store, desk.clock, "nord") == ()
    desk.clock.advance(timedelta(minutes=1))
    review_releases(desk.store, desk.clock, "nord")
    desk.clock.advance(timedelta(hours=24))
    review_releases(desk.store, desk.clock, "nord")
    assert standing(desk).status == "done"
    sender = Scripted([OK])
    n = len(desk.planned())
    desk.clock.advance(timedelta(minutes=15))
    desk.run(sender)
    assert n == len(sender.journal) + len(desk.planned()) + sum(
        count for (state, _), count in desk.counts().items() if state == "suppressed"
    )


def test_the_order_of_release_is_stored_and_survives_another_key(desk: Desk) -> None:
    staged(desk)
    before = places(desk)
    with desk.store.unit_of_work() as uow:
        uow.releases.move(standing(desk), standing(desk))
    assert places(desk) == before
    assert len(set(before.values())) == len(before) > 30


def test_harm_needs_an_interval_above_the_threshold_and_enough_messages() -> None:
    assert find_harm({"sent": 49}, {"complaint": 20}, RULE) == ()  # too few
    assert find_harm({"sent": 200}, {"complaint": 1}, RULE) == ()  # 0.5 %, but within chance
    (harm,) = find_harm({"sent": 200}, {"complaint": 8}, RULE)
    assert harm.what == "complaint" and harm.low_rate > RULE.max_complaint_rate
    kinds = find_harm({"sent": 300, "failed": 100}, {"hard_bounce": 60, "unsubscribed": 60}, RULE)
    assert [one.what for one in kinds] == ["failure", "bounce", "unsubscribe"]


def test_harm_stops_the_release_with_an_alert_and_holds_what_waits(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = ReleaseRule(min_messages=20)
    monkeypatch.setattr("agent.runs.releasing._rule", lambda _uow, _shop: rule)
    before = staged(desk)
    with desk.store.unit_of_work() as uow:
        uow.releases.move(before, before.model_copy(update={"share_rate": 1.0}))
    desk.run(Scripted([Refused(reason="550 no such user", is_retryable=False)]), limit=25)
    (stopped,) = review_releases(desk.store, desk.clock, "nord")
    assert stopped.status == "stopped"
    assert stopped.reason.startswith("failure 25 of 25")
    with desk.store.read() as uow:
        assert [alert.code for alert in uow.alerts.all("nord")] == ["release_stopped"]
    waiting, sender = len(desk.planned()), Scripted([OK])
    assert desk.run(sender).held == {"release_stopped": waiting}
    assert sender.journal == []


def test_an_unset_rule_is_no_part_of_the_guardrail_version(desk: Desk) -> None:
    with desk.store.read() as uow:
        current = uow.guardrails.current("nord")
    assert current.release is None
    assert current.model_copy(update={"release": RULE}).version != current.version
    assert current.version == content_hash(current.model_dump(mode="json", exclude={"release"}))


def test_with_a_level_that_asks_the_release_waits_for_a_person(desk: Desk) -> None:
    from memory.domain.principal import Grant, Principal

    ana = Principal(id="ana", name="Ana", grants=(Grant(shop_id="nord", role="approver"),))
    until = desk.clock.now() + timedelta(days=30)
    grant_autonomy(desk.store, desk.clock, ana, "nord", "release_advance", 1, until)
    staged(desk)
    desk.clock.advance(timedelta(hours=12))
    (asking,) = review_releases(desk.store, desk.clock, "nord")
    assert (asking.status, asking.share_rate) == ("asking", 0.01)
    assert review_releases(desk.store, desk.clock, "nord") == ()


def test_stages_may_not_outlast_the_messages() -> None:
    with pytest.raises(ValueError, match="lapse"):
        ReleaseRule(stages=(ReleaseStage(share_rate=0.1, wait_hours=30), ReleaseStage(share_rate=0.2, wait_hours=30)))
    with pytest.raises(ValueError, match="more people"):
        ReleaseRule(stages=(ReleaseStage(share_rate=0.2, wait_hours=1), ReleaseStage(share_rate=0.1, wait_hours=1)))
