"""S1-30: a plan mails its invitation to who may be invited to the community of their market, under caps and consent."""

from datetime import timedelta
from pathlib import Path

import pytest

from agent.dispatch import dispatch
from agent.planning import journeys
from agent.planning.catalogue import CATALOGUE
from agent.tick import go_live, tick
from memory.domain.clock import ManualClock
from memory.domain.community import Community
from memory.domain.consent import ConsentEvent
from memory.domain.segment import AnyOf, Compare, Everyone, NotOf
from memory.lake.lake import Lake
from memory.store.engine import open_store
from memory.store.instants import to_micros
from memory.store.tables import metadata
from tests.factories import planning
from tests.factories.doing import LIVE_AT, WEBSITE, a_world, learn
from tests.factories.facts import Facts
from tests.factories.sends import a_send
from tools.channels.memory import MemorySender

pytestmark = pytest.mark.slow
KEY = b"a key for tests only, 32 bytes.."
DAY = timedelta(days=1)
INVITED_ON, CAP = 20, 9
LINK = "https://line.me/R/ti/g/1"
HERE = Community(id="berlin", market="DE", platform="line", name="Runners", link=LINK, rule=Everyone())


class Inviting:
    """A live plan that invites first-time buyers on its twentieth day, and a community in Germany alone."""

    def __init__(self, folder: Path, community: Community = HERE) -> None:
        self.store = open_store(f"sqlite:///{folder / 'store.db'}")
        metadata.create_all(self.store.engine)
        self.lake, self.clock, self.n_told = Lake(folder / "lake"), ManualClock(LIVE_AT), 0
        self.world = a_world(self.store, self.lake, 40)
        with self.store.unit_of_work() as uow:
            uow.communities.put("nord", community, "mia", LIVE_AT)
        go_live(self.store, self.lake, self.clock, KEY, self.world.approved)
        with self.store.read() as uow:
            arms = uow.assignments.arms("nord", self.world.plan.holdout.experiment_id).to_pylist()
        treated = [row["person_id"] for row in arms if (row["cohort"], row["arm"]) == ("first_time", "treated")]
        self.here = sorted(person for person in treated if not int(person[1:]) % 2)
        self.sender = MemorySender(self.clock)

    def join(self, person: str, days: float) -> None:
        facts, self.n_told = Facts(), self.n_told + 1
        values = {"shop_id": "nord", "community_id": "berlin", "is_member": True}
        facts.add("community_memberships", LIVE_AT + days * DAY, subject_id=person, **values)
        facts.rows["community_memberships"][-1]["fact_id"] = f"c{self.n_told}"
        learn(self.store, self.lake, facts, LIVE_AT + days * DAY)

    def tick(self) -> dict[str, str]:
        at = LIVE_AT + INVITED_ON * DAY
        self.clock.set(at)
        tick(self.store, self.lake, self.clock, KEY, "nord", at, seed=1, slot=DAY, exploration_rate=0.0)
        return self.states()

    def dispatch(self) -> dict[str, str]:
        self.clock.set(LIVE_AT + (INVITED_ON + 0.48) * DAY)
        dispatch(self.store, {"email": self.sender}, self.clock, KEY, "nord", lake=self.lake)
        return self.states()

    def states(self) -> dict[str, str]:
        with self.store.read() as uow:
            return {
                person: one.reason or one.state
                for person in self.world.people
                for one in uow.message_history.of("nord", [person])
                if one.message_kind == "community_invitation"
            }


@pytest.fixture(autouse=True)
def planned(monkeypatch: pytest.MonkeyPatch) -> None:
    """The playbook invites first-time buyers, and mails may link to the platform."""
    kept = tuple(
        each.model_copy(update={"days": {"first_time": INVITED_ON}}) if each.id == "community_invitation" else each
        for each in CATALOGUE
        if each.flow is not None or each.id in ("community_invitation", "care_guide", "thank_you", "onboarding")
    )
    monkeypatch.setattr(journeys, "CATALOGUE", kept)
    limits = planning.guardrails().model_copy(
        update={
            "link_domains": ("line.me", WEBSITE.removeprefix("https://")),
            "frequency_caps": tuple(
                cap.model_copy(update={"max_messages": CAP}) for cap in planning.guardrails().frequency_caps
            ),
        }
    )
    monkeypatch.setattr(planning, "guardrails", lambda: limits)


@pytest.fixture
def inviting(tmp_path: Path) -> Inviting:
    return Inviting(tmp_path)


def test_s1_30_the_tick_invites_who_is_not_in_the_community_of_their_market(inviting: Inviting) -> None:
    inside = inviting.here[0]
    inviting.join(inside, INVITED_ON - 2)
    found = inviting.tick()
    assert set(found) == set(inviting.here) - {inside} != set()
    assert set(found.values()) == {"planned"}


def test_s1_30_the_tick_asks_the_rule_of_the_community(tmp_path: Path) -> None:
    some = AnyOf(of=(Compare(attribute="n_orders", test="ge", value=2), NotOf(of=Everyone())))
    inviting = Inviting(tmp_path, HERE.model_copy(update={"rule": some}))
    assert inviting.tick() == {}


def test_s1_30_who_joins_or_is_shown_it_after_the_tick_gets_none(inviting: Inviting) -> None:
    late, shown, *others = sorted(inviting.tick())
    inviting.join(late, INVITED_ON + 0.1)
    with inviting.store.unit_of_work() as uow:
        uow.communities.show("nord", "berlin", shown, LIVE_AT + INVITED_ON * DAY)
    states = inviting.dispatch()
    assert (states[late], states[shown]) == ("in_community", "was_invited")
    assert others and {states[person] for person in others} == {"sent"}
    links = {message.link.partition("?")[0] for message in inviting.sender.messages.values() if LINK in message.text}
    assert links == {LINK}


def test_s1_30_it_is_held_to_consent_and_the_cap(inviting: Inviting) -> None:
    """Who took their consent back since, and who may get no more promotional messages, gets none."""
    revoked, full, *others = sorted(inviting.tick())
    at = LIVE_AT + (INVITED_ON + 0.1) * DAY
    with inviting.store.unit_of_work() as uow:
        no = ConsentEvent(channel="email", status="revoked", at=at, method="one_click", source="test")
        uow.consents.add_events("nord", [(revoked, no)])
        for number in range(CAP):
            sent = {"message_kind": "newest_goods", "message_class": "promotional", "claimed_at": to_micros(at)}
            a_send(uow, "nord", f"k{number}", full, "email", at, **sent)
    states = inviting.dispatch()
    assert "sent" not in (states[revoked], states[full])
    assert "planned" not in (states[revoked], states[full])
    assert others and {states[person] for person in others} == {"sent"}


def test_s1_30_a_community_that_ended_is_not_mailed(inviting: Inviting) -> None:
    planned = sorted(inviting.tick())
    with inviting.store.unit_of_work() as uow:
        uow.communities.end("nord", "berlin", LIVE_AT + (INVITED_ON + 0.1) * DAY)
    states = inviting.dispatch()
    assert planned and {states[person] for person in planned} == {"no_community"}


def test_s1_30_a_link_that_the_guardrails_do_not_allow_is_not_mailed(tmp_path: Path) -> None:
    inviting = Inviting(tmp_path, HERE.model_copy(update={"link": "https://chat.example.com/1"}))
    planned = sorted(inviting.tick())
    states = inviting.dispatch()
    assert planned and {states[person] for person in planned} == {"link_domain"}
