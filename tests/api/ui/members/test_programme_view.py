from datetime import UTC, date, datetime

from api.ui.members.programme_view import about, coming, no_programme, points_rules, rewards_table
from api.ui.shell.words import words
from memory.domain.loyalty import ProgrammeVersion
from tests.factories.facts import SHOP
from tests.tools.loyalty.programme import a_programme

VERSION = ProgrammeVersion(programme=a_programme(), set_by="<mia>", set_at=datetime(2026, 1, 2, tzinfo=UTC))


def test_without_a_programme_it_says_how_to_make_one_and_who_may() -> None:
    html = no_programme(words("en"), may_set=False)
    assert "secondorder loyalty example &gt; programme.yaml" in html and "secondorder loyalty set" in html
    assert "Marketers and admins" in html and "You may set it" in no_programme(words("en"), may_set=True)


def test_it_says_since_when_by_whom_and_what_comes_next_with_the_zone() -> None:
    html = about(VERSION, SHOP, words("en"))
    assert "Jan 1, 2026 (Europe/Berlin)" in html and "&lt;mia&gt;" in html
    later = VERSION.model_copy(update={"programme": a_programme(starts_on=date(2027, 5, 1))})
    assert "May 1, 2027" in coming(later, words("en"))


def test_points_have_their_rates_their_days_and_their_cost_in_whole_minor_units() -> None:
    html = points_rules(a_programme(), words("en"), "EUR")
    assert "1 point per €1.00; 2 points per $1.00" in html
    assert "365 days" in html and "€100.00 per 1,000 points" in html
    assert "20%" in html and "not measured" in html


def test_rewards_stand_cheapest_first_with_what_they_are_worth() -> None:
    html = rewards_table(a_programme(), words("en"))
    assert html.index("mug") < html.index("five-off") < html.index("ten-back") and "€10.00" in html
    assert "cannot be redeemed" in rewards_table(a_programme(rewards=()), words("en"))
