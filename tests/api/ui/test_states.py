"""States of pages without a browser: empty, being read, refused, not for whoever looks; in both languages."""

import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from agent.assembly import App
from api.ui.shell.words import UiLanguage, words
from api.verbs import home, plans
from api.verbs.acting import Acting
from memory.domain.errors import NotPermitted, NotReady
from tests.api.conftest import token_of
from tests.api.ui.browsing import Served
from tests.api.ui.simulated import RETRIES, check_as
from tests.factories.shop import a_shop

EMPTY = a_shop().model_copy(update={"shop_id": "leer", "name": "Leer"})
Scenario = Callable[[Any], Awaitable[None]]


@pytest.fixture(scope="module")
def nobody_planned(installed: App) -> str:
    """A token for a marketer of a shop without a plan."""
    with installed.store.unit_of_work() as uow:
        uow.shops.add(EMPTY)
    headers = token_of(installed, "uma", "marketer", shop_id="leer")
    return headers["Authorization"].removeprefix("Bearer ")


def sees(address: str, *shown: str) -> Scenario:
    async def look(user: Any) -> None:
        await user.open(address)
        for text in shown:
            await user.should_see(text, retries=RETRIES)

    return look


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/ui/", ("home", "no_plan")), ("/ui/chat", ("no_plan",)), ("/ui/plans", ("plan_page", "no_plan_more")),
        ("/ui/plans?q=nothing", ("plan_page", "none_fits")), ("/ui/approvals", ("approvals", "nothing_open")),
        ("/ui/results", ("results", "no_plans")), ("/ui/members", ("members", "none")),
        ("/ui/members?part=owed", ("members", "owed", "no_credit")), ("/ui/members?part=compared", ("members", "none")),
        ("/ui/members?part=activities", ("members", "no_missions")), ("/ui/thank-you", ("thanks", "none")),
        ("/ui/thank-you?part=effect", ("thanks", "none")), ("/ui/community", ("community", "none")),
        ("/ui/community?part=challenges", ("community", "no_challenge")),
        ("/ui/community?part=ambassadors", ("community", "no_candidates")),
        ("/ui/content?part=items", ("content", "no_items")),
        ("/ui/parcels", ("parcels", "no_lanes")), ("/ui/parcels?part=lost", ("parcels", "none_lost")),
        ("/ui/community?part=report", ("community", "by_hand")),
    ],
)  # fmt: skip
def test_a_page_of_an_empty_shop_says_what_is_not_there(
    served: Served, nobody_planned: str, address: str, path: tuple[str, ...]
) -> None:
    check_as(served, nobody_planned, sees(address, words("en")(*path)))


def test_a_part_says_that_it_is_read_until_it_is_there_and_the_page_does_not_wait(
    served: Served, nobody_planned: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go, read = threading.Event(), home.monday

    def slow(acting: Acting) -> Any:
        assert may_go.wait(60)
        return read(acting)

    monkeypatch.setattr(home, "monday", slow)
    say = words("en")

    async def look(user: Any) -> None:
        await user.open("/ui/")
        await user.should_see(say("home", "no_plan"), retries=RETRIES)  # another part is there already
        await user.should_see(say("reading"))
        may_go.set()
        await user.should_see("No plan is under way", retries=RETRIES)
        await user.should_not_see(say("reading"), retries=RETRIES)

    check_as(served, nobody_planned, look)


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "the card is not ready: the moon is full. Ask one"), ("zh", '<span lang="en">the moon is full</span>')],
)
def test_a_part_that_is_refused_says_why_and_the_others_stand(
    served: Served, nobody_planned: str, monkeypatch: pytest.MonkeyPatch, language: UiLanguage, said: str
) -> None:
    def refused(acting: Acting) -> Any:
        raise NotReady(what="the card", why="the moon is full", remedy="Ask one")

    monkeypatch.setattr(home, "monday", refused)

    async def look(user: Any) -> None:
        await user.open("/ui/")
        if language == "zh":
            user.find(words("en")("other_language")).click()
            await user.should_see(words("zh")("home", "lead"), retries=RETRIES)
        await user.should_see(said, retries=RETRIES)
        await user.should_see(words(language)("home", "no_plan"), retries=RETRIES)

    check_as(served, nobody_planned, look)


def test_what_was_asked_for_and_refused_is_said_in_a_message_and_the_page_stays(
    served: Served, nobody_planned: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: Any) -> Any:
        raise NotPermitted(principal="uma", permission="plan", shop_id="leer")

    monkeypatch.setattr(plans, "draft", refused)

    async def look(user: Any) -> None:
        await user.open("/ui/chat")
        user.find(words("en")("draft_now")).click()
        await user.should_see("uma may not plan in shop leer; ask an admin", retries=RETRIES)
        await user.should_see(words("en")("no_plan"))

    check_as(served, nobody_planned, look)


@pytest.mark.parametrize(
    "address",
    [
        "/ui/plans",
        "/ui/approvals",
        "/ui/guardrails",
        "/ui/sessions",
        "/ui/members",
        "/ui/thank-you",
        "/ui/community",
        "/ui/content",
        "/ui/parcels",
    ],
)
def test_who_may_not_see_a_page_is_told_so(served: Served, address: str) -> None:
    check_as(served, served.support, sees(address, words("en")("not_yours")))
