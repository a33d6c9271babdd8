"""C8 in breadth at the preview: five hundred hostile strings in the exhibit of an approval and in the plan view."""

import unicodedata
from collections.abc import Callable
from functools import cache

import pytest

from agent.approval.exhibit import ShownMessage, shown_messages
from api.ui.approvals import standing_view
from api.ui.approvals import view as approval_view
from api.ui.plan import view as plan_view
from api.ui.plan.view import Shown, render_plan
from api.ui.shell.words import words
from api.verbs.exhibits import Exhibit
from api.verbs.plans import Difference
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan
from tests.api.ui.approvals.test_view import exhibit
from tests.api.ui.approvals.whole import whole
from tests.factories.planning import a_shop, guardrails
from tests.factories.plans import good_plan
from tests.tools.channels.test_hostile_copy import HOSTILE, Shape
from tools.copywriting.facts import clean

pytestmark = pytest.mark.slow
HONEST = "Winter"
MARK = ("mark", [("class", "so-unseen")])
Preview = Callable[[str], str]


@cache
def _plan() -> Plan:
    """Two mails of the good plan's first journey: the text to show is what counts."""
    journey = good_plan().journeys[0]
    mails = tuple(step for step in journey.steps if step.owner == "us" and "email" in step.channels)[:2]
    return good_plan().model_copy(update={"offers": (), "journeys": (journey.model_copy(update={"steps": mails}),)})


@cache
def _request() -> Exhibit:
    return exhibit()


def exhibit_of(text: str) -> str:
    """A request by that title, with words, differences and notes that hold the text."""
    first = _messages("Nord")[0].model_dump()
    message = ShownMessage(
        **{**first, "subject": text, "text": text, "html": text, "hosts": (text,), "goods_rule": text}
    )
    missing = ShownMessage(**{**first, "problem": text})
    change = Difference(kind=text, path=text, before=text, after=text, words=text)
    held = {"messages": (message, missing), "compared_with": "b" * 64, "differences": (change,)}
    return whole(_request().model_copy(update=held), text, words("en"))


def plan_of(text: str) -> str:
    """A plan by that title in the workspace, after a turn of the chat, held up by a guardrail."""
    plan = _plan().model_copy(update={"title": text, "assumptions": (text,)})
    blocked = Blocked(rule="plan_budget", code="over", message=text, limit=text, actual=text)
    page = render_plan(Shown(plan, changes=(text,), side_changes=(text,), blocked=(blocked,)), words("en"))
    return page.replace(plan.id, "")  # it follows the title


PREVIEWS: dict[str, tuple[Preview, int]] = {"exhibit": (exhibit_of, 6), "plan view": (plan_of, 6)}
"""How each is made, and how often it shows the text at least."""


@cache
def _messages(shop_name: str) -> tuple[ShownMessage, ...]:
    shop = a_shop(name=shop_name, website="https://nord.example", sender_email="hello@nord.example")
    return shown_messages(_plan(), shop, guardrails())


@cache
def _honest_tags(preview: Preview) -> list[object]:
    return Shape(preview(HONEST)).tags


def assert_inert(preview: Preview, n_shown: int, hostile: str) -> None:
    """The page has the tags of an honest one, every other sign of the text as text, and what is unseen written out."""
    page = preview(hostile)
    shape = Shape(page)
    assert [tag for tag in shape.tags if tag not in (MARK, "mark")] == _honest_tags(preview), hostile
    unseen = {char for char in hostile if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp") and char != "\n"}
    assert not unseen & set(page), hostile
    written = "".join(f"U+{ord(char):04X}" if char in unseen else char for char in hostile)
    assert "".join(shape.words).count(written) >= n_shown, hostile


@pytest.mark.parametrize("name", PREVIEWS)
def test_c8_no_hostile_text_adds_a_tag_to_the_preview_or_hides_in_it(name: str) -> None:
    assert len(set(HOSTILE)) >= 500
    for hostile in HOSTILE:
        assert_inert(*PREVIEWS[name], hostile)


def test_c8_a_shop_of_any_hostile_name_is_previewed_as_it_would_be_sent() -> None:
    """Through the words of a real step: the approver's page is inert, whatever the composed message holds."""
    honest = Shape(_previewed("Nord")).tags
    for hostile in HOSTILE[::20]:
        page = _previewed(hostile)
        assert clean(hostile) in "".join(Shape(page).words) or not clean(hostile).isprintable(), hostile
        assert [tag for tag in Shape(page).tags if tag not in (MARK, "mark")] == honest, hostile


def _previewed(shop_name: str) -> str:
    mails = tuple(one for one in _messages(shop_name) if one.channel == "email" and one.language == "en")
    assert len(mails) == 2
    assert not any(one.problem for one in mails)
    return whole(_request().model_copy(update={"messages": mails}), "Title", words("en"))


@pytest.mark.parametrize(
    ("name", "module"), [("exhibit", approval_view), ("exhibit", standing_view), ("plan view", plan_view)]
)
@pytest.mark.parametrize("hostile", ["<img src=x onerror=alert(1)>", "\u202egnp.exe"])
def test_c8_planted_a_preview_that_shows_text_as_it_is_would_be_seen(
    monkeypatch: pytest.MonkeyPatch, name: str, module: object, hostile: str
) -> None:
    monkeypatch.setattr(module, "visible", str)
    with pytest.raises(AssertionError):
        assert_inert(*PREVIEWS[name], hostile)
