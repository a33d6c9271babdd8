"""What a trial would change: side effects apart, reasons where it may not, foreign text as text."""

import pytest

from api.ui.plan.trial_view import SIDE, render_trial
from api.ui.shell.words import LANGUAGES, UiLanguage, words
from api.verbs.plans import Difference
from memory.domain.outcome import Blocked


def differs(kind: str, said: str) -> Difference:
    return Difference(kind=kind, path="", before="", after="", words=said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_follows_from_a_change_stands_apart_from_it(language: UiLanguage) -> None:
    html = render_trial((differs("holdout", "<b>more</b>"), differs(SIDE[0], "side")), (), words(language))
    assert "&lt;b&gt;more&lt;/b&gt;" in html
    assert html.index("more") < html.index("<details>") < html.index("side")
    assert "<details open>" in render_trial((differs(SIDE[0], "side"),), (), words(language))
    assert words(language)("no_changes") in render_trial((), (), words(language))


def test_reasons_come_alone() -> None:
    html = render_trial((differs("holdout", "more"),), (Blocked(rule="x", code="y", message="Too much."),), words("en"))
    assert "Too much." in html and "more" not in html and "so-wrong" in html
