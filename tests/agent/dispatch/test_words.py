"""From a claimed message to words: what the library says about the bought article, and words that may not press."""

from types import SimpleNamespace
from typing import Any

import pytest

from agent.dispatch.goods import Shown
from agent.dispatch.words import Sheet, compose
from memory.domain.consent import Contact
from memory.domain.market import Shop
from memory.domain.message import Rendered
from tests.factories.doing import WEBSITE, a_plan
from tests.factories.planning import a_shop, guardrails

SHOP = a_shop(website=WEBSITE, sender_email="hello@nord.example.invalid", postal_address="Weg 1, Kiel")
PLAN = a_plan(SHOP)


def message(kind: str, title: str, shop: Shop = SHOP) -> Rendered | str:
    row: Any = SimpleNamespace(
        send_key="k1", shop_id="nord", person_id="p1", plan_id=PLAN.id, step_id=f"first_time.{kind}", channel="email",
        language="en", message_class="service", message_kind=kind, template=f"{kind}@1", offer_id="", subject_no=0,
    )  # fmt: skip
    contact = Contact(subject_id="p1", email="ann@people.example.invalid")
    sheet = Sheet(shop=shop, key=b"a key for tests only, 32 bytes..", public_url="https://nord.example.invalid")
    return compose(row, contact, PLAN, guardrails(), None, sheet, Shown("", ((title, f"{WEBSITE}/products/x"),)))


@pytest.mark.parametrize(
    ("kind", "title", "said"),
    [
        ("care_guide", "Merino Sock", "Wool cleans itself"),
        ("styling_inspiration", "Merino Sock", "a finger's width"),
        ("care_guide", "Desk lamp", ""),
    ],
)
def test_s1_39_s1_40_the_mail_that_leaves_speaks_of_what_was_bought(kind: str, title: str, said: str) -> None:
    sent = message(kind, title)
    assert isinstance(sent, Rendered)
    assert title in sent.text and said in sent.text
    assert ("Wool cleans itself" in sent.text) == (said == "Wool cleans itself")


def test_s1_65_a_gentle_message_whose_words_press_does_not_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(message("thank_you", "Merino Sock"), Rendered)
    assert isinstance(message("care_guide", "Last chance lamp"), Rendered), "what the thing is called presses nobody"
    monkeypatch.setattr("tools.copywriting.tone.HARD_SELL", {"en": ("thank you for your order",)})
    assert message("thank_you", "Merino Sock") == "hard_sell"


@pytest.mark.parametrize(
    "named",
    [
        {"name": "Last Chance Vintage"},
        {"website": "https://nord.hurry.example.invalid"},
        {"postal_address": "Act Now 1"},
    ],
)
def test_s1_65_a_shop_s_own_name_link_and_address_press_nobody(named: dict[str, str]) -> None:
    assert isinstance(message("thank_you", "Merino Sock", SHOP.model_copy(update=named)), Rendered)
