"""S1-38: a plan's content goes to whom its item is for, in their language, with the link of the channel's platform."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.approval.exhibit import shown_messages
from agent.planning import journeys
from agent.planning.catalogue import CATALOGUE
from agent.planning.compose import compose
from agent.planning.draft import DraftStep, PlanDraft
from agent.planning.journeys import playbook_journey
from memory.domain.brief import Brief
from memory.domain.content import ContentItem
from memory.domain.message import Rendered
from memory.domain.plan import Plan, PlannerRef
from memory.lake.lake import Lake
from memory.store.engine import Store
from tests.factories import doing, planning
from tests.factories.content import WEB, an_item
from tests.factories.doing import LIVE_AT, World, a_world
from tools.channels.fcm import push_of

from .one_message import OneMessage

pytestmark = pytest.mark.slow
DAY = timedelta(days=1)
TOLD_ON = 20
KEPT = ("thank_you", "onboarding")


class Library(OneMessage):
    """A live plan that tells first-time buyers of an item on its twentieth day."""

    kind, day = "library_content", TOLD_ON

    def __init__(self, folder: Path, item: ContentItem, monkeypatch: pytest.MonkeyPatch, *channels: str) -> None:
        def make(store: Store, lake: Lake) -> World:
            with monkeypatch.context() as patched:
                kept = tuple(each for each in CATALOGUE if each.flow is not None or each.id in KEPT)
                patched.setattr(journeys, "CATALOGUE", kept)
                patched.setattr(doing, "a_plan", lambda shop, **changes: a_plan(shop, item, channels))
                return a_world(store, lake, 40)

        super().__init__(folder, make, lambda uow: uow.content_items.put("nord", item, "mia", LIVE_AT))

    def join(self, person: str, days: float, *, is_member: bool = True) -> None:
        self.told("memberships", [person], days, is_member=is_member)

    def dispatch(self) -> dict[str, str]:
        return self.hand_off(TOLD_ON + 0.48, TOLD_ON + 0.73)  # at six in the evening in Berlin, and in New York

    def mails(self) -> list[Rendered]:
        return [message for message in self.sender.messages.values() if "library_content" in message.link]


@pytest.fixture(autouse=True)
def roomy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tick looks at all days at once here: the caps leave room for what it finds."""
    rails = planning.guardrails()
    caps = tuple(cap.model_copy(update={"max_messages": 9}) for cap in rails.frequency_caps)
    limits = rails.model_copy(update={"frequency_caps": caps})
    monkeypatch.setattr(planning, "guardrails", lambda: limits)


def a_plan(shop: Any, item: ContentItem, channels: tuple[str, ...]) -> Plan:
    given = planning.context(shop=shop, content=(item,))
    rows, _ = playbook_journey("first_time", Brief(), given)
    step = DraftStep.model_validate(
        {"template": "library_content", "day": TOLD_ON, "content": item.id, "channels": channels or None}
    )
    made = compose(
        PlanDraft(journeys={"first_time": (*rows, step)}), Brief(), given, PlannerRef(kind="playbook", version="1")
    )
    assert isinstance(made, Plan), made
    return made


def test_s1_38_a_mail_says_it_in_the_reader_s_language_and_leads_to_the_web(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = Library(tmp_path, an_item(), monkeypatch, "email")
    assert set(library.tick()) == library.treated != set()
    assert set(library.dispatch().values()) == {"sent"}
    said = {message.language: message for message in library.mails()}
    assert set(said) == {"de", "en"}
    assert "Dein erster Lauf: Drei Wochen" in said["de"].text and "Your first run: Three weeks" in said["en"].html
    for message in said.values():
        assert message.link.startswith(f"{WEB}?utm_source=") and message.link in message.text
        assert message.message_class == "service" and not message.link_ios + message.link_android
        assert "nord://" not in message.text + message.html


def test_s1_38_a_missing_translation_blocks_the_send(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    german = an_item(words={"de": {"title": "Dein erster Lauf", "text": "Drei ruhige Läufe."}})
    library = Library(tmp_path, german, monkeypatch, "email")
    here = {person for person in library.treated if not int(person[1:]) % 2}
    assert set(library.tick()) == here < library.treated


def test_s1_38_an_item_for_members_goes_to_who_is_one_then_and_at_the_hand_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = Library(tmp_path, an_item(audience="members"), monkeypatch, "email")
    stays, leaves, *_ = sorted(library.treated)
    library.join(stays, 2)
    library.join(leaves, 3)
    assert set(library.tick()) == {stays, leaves}
    library.join(leaves, TOLD_ON + 0.1, is_member=False)
    assert library.dispatch() == {stays: "sent", leaves: "not_member"}


def test_s1_38_an_item_that_ended_is_carried_by_no_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = Library(tmp_path, an_item(), monkeypatch, "email")
    library.tick()
    with library.store.unit_of_work() as uow:
        uow.content_items.end("nord", "first_run", LIVE_AT + TOLD_ON * DAY)
    assert set(library.dispatch().values()) == {"content_ended"}


def test_s1_38_a_push_opens_the_platform_s_own_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes to the channel, read where approvers read it and as the FCM contract has it."""
    library = Library(tmp_path, an_item(), monkeypatch)
    plan = library.world.plan
    step = next(step for step in plan.steps() if step.kind == "library_content")
    assert step.channels == ("push", "email") and step.content == an_item()
    shown = [one for one in shown_messages(plan, library.world.shop, planning.guardrails()) if one.step_id == step.id]
    assert {(one.channel, one.language) for one in shown} == {
        (c, lang) for c in ("push", "email") for lang in ("de", "en")
    }
    assert not [one.problem for one in shown if one.problem]
    assert any("Your first run" in one.text for one in shown if one.channel == "push")
    message = Rendered(
        send_key="k" * 40, channel="push", message_class="service", to="t", text="x", link=WEB,
        link_ios="nord://course/first-run", link_android=f"{WEB}?app=android",
    )  # fmt: skip
    push = push_of(message)
    assert push["apns"]["payload"]["link"] == "nord://course/first-run"
    assert push["android"]["data"] == {"link": f"{WEB}?app=android", "send_key": "k" * 40}
    assert push["data"]["link"] == WEB


def test_s1_38_an_item_for_the_app_alone_goes_by_push_and_never_by_mail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app_only = an_item(links={"ios": "nord://course/1", "android": "nord://course/1"})
    library = Library(tmp_path, app_only, monkeypatch)
    step = next(step for step in library.world.plan.steps() if step.kind == "library_content")
    assert step.channels == ("push",)
    assert library.tick() == {}  # nobody here agreed to pushes
