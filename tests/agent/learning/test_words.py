"""A lesson's sentence is whole in either language."""

import re

from agent.learning.words import lesson_words
from tests.factories.lessons import a_lesson


def test_s2_17_a_chinese_lesson_names_messages_in_chinese_and_an_english_one_by_kind() -> None:
    chinese, english = (lesson_words(a_lesson(), language) for language in ("zh", "en"))
    assert not re.search(r"[A-Za-z]", chinese)
    assert "感谢信1.00" in chinese
    assert english.endswith("Sent per person: cross_sell 1.00, thank_you 1.00.")
