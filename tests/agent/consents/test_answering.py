"""The answer to "why did I get this?": facts with their source, in six languages, without an address."""

from datetime import UTC, datetime
from typing import Any

import pytest

from agent.consents.answering import TEXTS, answer, languages
from agent.consents.proof import ChannelProof, Statement
from memory.domain.errors import InvalidInput
from memory.store.message_history import PastMessage
from tests.factories.shop import a_shop

AT = datetime(2026, 3, 4, 9, tzinfo=UTC)
SHOP = a_shop()


def _message(**changes: Any) -> PastMessage:
    given: dict[str, Any] = {
        "send_key": "k", "plan_id": "p", "batch_id": "b", "step_id": "vip.care", "cohort": "vip", "channel": "email",
        "message_kind": "care", "message_class": "promotional", "template": "care@1", "offer_id": "", "language": "de",
        "state": "sent", "reason": "", "due_at": AT, "finished_at": AT,
    }  # fmt: skip
    return PastMessage(**(given | changes))


def _proof(**changes: Any) -> ChannelProof:
    said: dict[str, Any] = {
        "channel": "email", "purpose": "marketing", "status": "granted", "at": datetime(2025, 5, 6, tzinfo=UTC),
        "method": "checkout", "source": "import shopify",
    }  # fmt: skip
    rests = Statement(**(said | changes))
    return ChannelProof(channel="email", standing="granted", rests_on=rests, is_double=False, suppressed="")


def test_the_answer_is_in_the_customers_language_and_names_day_channel_and_source() -> None:
    found = answer(SHOP, "de", (_message(),), (_proof(),))
    assert (found.language, found.is_theirs) == ("de", True)
    for part in ("4. März 2026", "E-Mail", "6. Mai 2025", "bei einer Bestellung", "Quelle: import shopify."):
        assert part in found.text


@pytest.mark.parametrize("language", ["en", "zh", "de", "fr", "es", "ja"])
def test_every_language_has_every_sentence_and_leaves_no_hole(language: str) -> None:
    assert language in languages()
    for method in ("form", "checkout", "double_opt_in", "existing_customer", "one_click", "unknown"):
        for message_class in ("promotional", "service", "transactional"):
            text = answer(SHOP, language, (_message(message_class=message_class),), (_proof(method=method),)).text
            assert "{" not in text and SHOP.name in text
    for proof in (_proof(status="revoked"), _proof(at=None)):
        assert "{" not in answer(SHOP, language, (_message(),), (proof,)).text
    assert answer(SHOP, language, (_message(),), ()).text != answer(SHOP, language, (), ()).text


def test_all_languages_have_the_same_texts() -> None:
    import yaml

    texts = yaml.safe_load(TEXTS.read_text(encoding="utf-8"))
    shapes = {
        code: {name: sorted(part) if isinstance(part, dict) else "" for name, part in one.items()}
        for code, one in texts.items()
    }
    assert set(map(str, shapes.values())) == {str(shapes["en"])}


def test_a_language_without_texts_falls_back_to_english_and_an_unknown_wish_is_refused() -> None:
    found = answer(SHOP, "fi", (_message(),), (_proof(),))
    assert (found.language, found.is_theirs) == ("en", False)
    with pytest.raises(InvalidInput, match="en, zh, de, fr, es, ja"):
        answer(SHOP, "de", (), (), "tlh")


def test_a_message_that_was_held_back_is_no_message_that_left() -> None:
    held = answer(SHOP, "en", (_message(state="suppressed"),), (_proof(),)).text
    assert "no marketing message" in held
