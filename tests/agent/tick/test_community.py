"""S1-30: a plan mails its invitation to who may be invited to the community of their market, under caps and consent."""

from datetime import timedelta
from pathlib import Path

import pytest

from agent.planning import journeys
from agent.planning.catalogue import CATALOGUE
from memory.domain.community import Community
from memory.domain.consent import ConsentEvent
from memory.domain.segment import AnyOf, Compare, Everyone, NotOf
from memory.store.instants import to_micros
from tests.factories import planning
from tests.factories.doing import LIVE_AT, WEBSITE, a_world
from tests.factories.sends import a_send

from .one_message import OneMessage

pytestmark = pytest.mark.slow
DAY = timedelta(days=1)
INVITED_ON, CAP = 20, 9
LINK = "https://line.me/R/ti/g/1"
HERE = Community(id="berlin", market="DE", platform="line", name="Runners", link=LINK, rule=Everyone())


class Inviting(OneMessage):
    """A live plan that invites first-time buyers on its twentieth day, and a community in Germany alone."""

    kind, day = "community_invitation", INVITED_ON

    def __init__(self, folder: Path, community: Community = HERE) -> None:
        super().__init__(
            folder,
            lambda store, lake: a_world(store, lake, 40),
            lambda uow: uow.communities.put("nord", community, "mia", LIVE_AT),
        )
        self.here = sorted(person for person in self.treated if not int(person[1:]) % 2)

    def join(self, person: str, days: float) -> None:
        self.told("community_memberships", [person], days, community_id="berlin", is_member=True)

    def dispatch(self) -> dict[str, str]:
        return self.hand_off(INVITED_ON + 0.48)


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
