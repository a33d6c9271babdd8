from datetime import UTC, date, datetime

from api.ui.community.challenges_view import (
    STATES,
    challenge_about,
    challenges_table,
    no_challenge,
    nothing_in,
    render_submission,
)
from api.ui.shell.words import LANGUAGES, words
from api.verbs.challenges import ChallengeCount
from memory.domain.challenge import Challenge, RightsConsent, Submission

AT = datetime(2027, 1, 15, 23, 30, tzinfo=UTC)
AUTUMN = Challenge(
    id="autumn", title="Autumn <i>runs", rules="One.\n<script>alert(1)</script>", hashtag="#秋跑",
    starts_on=date(2027, 1, 16), ends_on=date(2027, 1, 20), markets=("DE", "CN"),
)  # fmt: skip
COUNT = ChallengeCount(challenge=AUTUMN, n_waiting=4, n_accepted=30, n_usable=20, n_refused=5)
POST = Submission(
    id="0" * 16, challenge_id="autumn", person_id="p-1", link="https://www.instagram.com/p/1/", submitted_at=AT,
    rights=RightsConsent(source="<img src=x onerror=alert(1)>", given_at=AT), state="waiting",
)  # fmt: skip


def test_a_challenge_has_its_days_by_the_shops_clock_and_its_counts() -> None:
    html = challenges_table((COUNT,), "autumn", AT, "Europe/Berlin", words("en"))
    assert "running" in html and "not begun" in challenges_table((COUNT,), "", AT, "UTC", words("en"))
    assert "Autumn &lt;i&gt;runs" in html and "Germany (DE)" in html and 'aria-current="true"' in html
    assert all(f">{n}<" in html for n in (4, 30, 20, 5))
    about = challenge_about(COUNT, "h", words("en"))
    assert "&lt;script&gt;" in about and "<script" not in about


def test_s1_31_a_post_is_an_address_with_its_consent_and_nothing_customers_wrote_is_html() -> None:
    html = render_submission(POST, words("en"), "UTC")
    assert "<img" not in html and "&lt;img src=x" in html and "May be used once it is accepted." in html
    assert 'href="https://www.instagram.com/p/1/" rel="noopener noreferrer nofollow"' in html
    used = render_submission(POST.model_copy(update={"state": "accepted"}), words("en"), "UTC")
    assert "May be used." in used
    without = POST.model_copy(update={"rights": None, "state": "accepted"})
    assert "accepted or not, it may not be used" in render_submission(without, words("en"), "UTC")


def test_a_decision_says_who_when_and_why_in_their_words() -> None:
    told = {"state": "refused", "decided_by": "mia", "decided_at": AT, "why": "<b>blurred"}
    html = render_submission(POST.model_copy(update=told), words("en"), "UTC")
    assert "Decided by mia" in html and "Why: &lt;b&gt;blurred" in html and "refused" in html


def test_every_state_has_its_words_in_both_languages() -> None:
    for language in LANGUAGES:
        assert len({nothing_in(state, words(language)) for state in STATES}) == len(STATES) == 3
        assert "secondorder challenge set" in no_challenge(words(language), may_set=True)
