import re
from datetime import UTC, datetime, timedelta

from agent.approval.exhibit import ShownMessage, hash_of, shown_messages
from agent.planning.price import price
from api.ui.approvals.view import preview
from api.ui.shell.words import LANGUAGES, words
from api.verbs.exhibits import EdgeRecipient, Exhibit
from api.verbs.part_holdouts import ShownPart
from api.verbs.plans import Difference
from memory.domain.approval import Approval
from memory.domain.outcome import NotEstimable
from tests.api.ui.approvals.whole import whole
from tests.factories.planning import a_shop, guardrails
from tests.factories.plans import good_context, good_plan

AT = datetime(2026, 12, 1, 9, tzinfo=UTC)


def exhibit(**changes: object) -> Exhibit:
    """A request of the good plan."""
    plan = good_plan()
    messages = shown_messages(plan, a_shop(website="https://nord.example"), guardrails())
    made = Exhibit(
        approval=Approval(
            id="a1",
            shop_id="nord",
            plan_id=plan.id,
            guardrail_version=plan.guardrail_version,
            requested_by="mia",
            requested_at=AT,
            expires_at=AT + timedelta(days=14),
            touched_by=("mia", "tom"),
            status="waiting",
        ),
        price=price(plan, good_context()),
        edges=(
            EdgeRecipient(
                why="rarest_market",
                person_id="p0123456789abcdef",
                cohort="vip",
                market="JP",
                language="ja",
                channels=("email",),
                step_ids=("one", "two"),
            ),
        ),
        compared_with="",
        differences=(),
        shown_hash=hash_of(messages),
        messages=messages,
    )
    return made.model_copy(update=changes)


def test_d1_the_page_shows_who_touched_it_every_message_and_every_hash() -> None:
    found = exhibit()
    for language in LANGUAGES:
        html = whole(found, "Title", words(language))
        assert html.count("<article>") == len(found.messages)
        assert all(one.shown_hash in html for one in found.messages if not one.problem)
        assert found.shown_hash in html
        assert "mia, tom" in html
        assert re.search(r"p0123456789a\b", html)


def test_a_mail_is_previewed_in_a_frame_that_may_do_nothing() -> None:
    mail = next(one for one in exhibit().messages if one.html)
    hostile = ShownMessage(**{**mail.model_dump(), "html": '"></iframe><script>alert(1)</script>'})
    html = preview(hostile, words("en"))
    assert 'sandbox=""' in html
    assert "<script" not in html
    assert html.count("</iframe>") == 1
    sms = ShownMessage(**{**mail.model_dump(), "html": ""})
    assert "<iframe" not in preview(sms, words("en"))


def test_d1_s2_16_parts_that_some_people_will_not_get_are_named() -> None:
    unknown = NotEstimable(code="missing_data", message="-")
    one = ShownPart(
        part="step", part_id="vip.thank_you", cohort="vip", rate=0.2, n_treated=80, n_withheld=20, detectable_pp=unknown
    )
    assert "vip.thank_you 20%" in whole(exhibit(parts=(one,)), "Title", words("en"))
    assert "仅从某一部分留出" in whole(exhibit(parts=(one,)), "Title", words("zh"))
    assert "Withheld from one part" not in whole(exhibit(), "Title", words("en"))


def test_d1_the_differences_to_the_last_approved_plan_are_named() -> None:
    one = Difference(kind="holdout", path="holdout", before="10 %", after="5 %", words="Holdout \u202e<5 %>")
    html = whole(exhibit(compared_with="b" * 64, differences=(one,)), "Title", words("en"))
    assert "&lt;5 %&gt;" in html
    assert "U+202E" in html
    assert "b" * 12 in html


def test_c5_a_hostile_message_stays_text() -> None:
    first = exhibit().messages[0]
    hostile = ShownMessage(
        **{**first.model_dump(), "subject": "<img src=x onerror=alert(1)>", "text": "\u202epay</pre>"}
    )
    html = whole(exhibit(messages=(hostile,)), "<script>", words("en"))
    assert "<img" not in html
    assert "<script" not in html
    assert html.count("</pre>") == 1
    assert "U+202E" in html
