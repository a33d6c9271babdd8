"""One step's page: mails in frames that run and load nothing, glosses beside them, foreign text as text."""

import pytest

from agent.approval.exhibit import ShownMessage
from api.ui.plan.step_view import QUIET, render_facts, render_languages, render_messages, render_recipients
from api.ui.shell.words import LANGUAGES, UiLanguage, words
from api.verbs.recipients import Recipient
from api.verbs.step_looks import LanguageReach, LookedAt, SmsCost, StepLook
from tests.api.ui.plan.opening import a_plan, opened
from tests.factories.planning import eur

HOSTILE = '<head></head><script>alert(1)</script>"><img src=x onerror=alert(2)>'


def shown(channel: str, **words_: str) -> ShownMessage:
    return ShownMessage.model_validate(
        {"step_id": "vip.thank_you", "cohort": "vip", "day": 1, "channel": channel, "language": "de",
         "message_class": "service", "shown_hash": "0", **words_}
    )  # fmt: skip


def look(*messages: LookedAt, step_id: str = "first_time.store_credit") -> StepLook:
    plan = a_plan()
    step = next(one for one in plan.steps() if one.id == step_id)
    return StepLook(
        step=step, cohort="first_time", n_cohort=3000, cohort_words="<rule>", audience_words="",
        offer=plan.offer(step.offer_id) if step.offer_id else None, serves="second_incentive",
        languages=(LanguageReach(language="de", n_people=9, is_written=True),
                   LanguageReach(language="fi", n_people=2, is_written=False)),
        language="de", messages=messages,
    )  # fmt: skip


def looked(channel: str, gloss: bool = True, **words_: str) -> LookedAt:
    other = shown(channel, subject="Thanks", text="In English", html="<head></head>hi" if channel == "email" else "")
    sms = SmsCost(
        alphabet="UCS-2", n_units=140, n_segments=3, per_thousand=eur(135), all_readers=eur(2)
    ) if channel == "sms" else None  # fmt: skip
    return LookedAt(
        shown=shown(channel, **words_), n_people=9, gloss=other if gloss else None,
        gloss_origin="template" if gloss else "none", sms=sms,
    )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mail_stands_in_sandboxed_frames_of_two_widths_beside_its_gloss(language: UiLanguage) -> None:
    html = render_messages(look(looked("email", subject="<b>Danke</b>", text="x", html=HOSTILE)), words(language))
    assert html.count('<iframe sandbox="" title="') == html.count("<iframe") == 3
    assert "<script" not in html and "<img" not in html and "<b>Danke" not in html
    assert html.count("default-src &#x27;none&#x27;") == 3  # QUIET, escaped into each frame
    assert "In English" in html and "default-src 'none'" in QUIET
    titles = [part.split('"')[0] for part in html.split('sandbox="" title="')[1:]]
    assert len(set(titles)) == 3


def test_where_there_is_no_gloss_it_says_so_and_an_unworded_message_says_why() -> None:
    html = render_messages(look(looked("email", gloss=False, html=HOSTILE)), words("en"))
    assert "so there is no gloss" in html and html.count("<iframe") == 2
    assert "no_postal_address" in render_messages(look(looked("email", problem="no_postal_address")), words("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_b9_a_text_message_says_its_segments_and_what_they_cost(language: UiLanguage) -> None:
    html = render_messages(look(looked("sms", text="Hallo <i>")), words(language))
    assert "UCS-2" in html and "135" in html and "Hallo &lt;i&gt;" in html and "<iframe" not in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_facts_name_audience_offer_timing_and_the_flow_step_it_serves(language: UiLanguage) -> None:
    html = render_facts(look(), "Europe/Berlin", words(language))
    assert words(language)("plan_page", "flow", "second_incentive") in html
    assert words(language)("plan_page", "all_of_cohort") in html and "&lt;rule&gt;" in html
    here = opened(language)
    languages = render_languages(look(), here)
    assert "language=de" in languages and "language=fi" not in languages and "so-warn" in languages


def test_people_are_pseudonyms_with_a_link_to_their_language() -> None:
    some = (
        Recipient(why="rarest_market", person_id="pabc", market="JP", language="ja", channels=()),
        Recipient(why="sampled", person_id="pdef", market="DE", language="de", channels=("email",)),
    )
    html = render_recipients(some, opened(), "vip.thank_you")
    assert "no channel, so gets nothing" in html and "language=de" in html and "language=ja" not in html
    assert "Nobody is in this cohort" in render_recipients((), opened(), "vip.thank_you")
