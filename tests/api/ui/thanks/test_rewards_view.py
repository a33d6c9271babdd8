from datetime import timedelta
from typing import Any

from api.ui.shell.words import words
from api.ui.thanks.rewards_view import N_SHOWN, render_rewards
from api.verbs.thanks_reports import ShareRow, totals
from tests.factories.thanks import AT, SETTINGS, euros


def row(person: str, status: str, **more: Any) -> ShareRow:
    plain = {"friend_id": "f", "market": "DE", "amount": None, "points": None, "reason": "", "ordered_at": AT,
             "granted_at": None}  # fmt: skip
    return ShareRow.model_validate({"person_id": person, "status": status, **plain, **more})


def shown(*rows: ShareRow) -> str:
    return render_rewards(rows, totals(rows), SETTINGS, words("en"), "Europe/Berlin")


def test_s1_12_what_is_owed_is_summed_and_the_newest_recommendation_stands_first() -> None:
    later = AT + timedelta(days=3)
    html = shown(
        row("ann", "earned", amount=euros(1_000), granted_at=later),
        row("bob", "waiting", points=100, ordered_at=later),
        row("cat", "blocked", reason="same_household"), row("dan", "clawed_back", reason="a new reason"),
    )  # fmt: skip
    assert "€10.00" in html and "100 points" in html and "same household" in html and "for another reason" in html
    assert html.index("/ui/people/bob") < html.index("/ui/people/ann") and "Germany (DE)" in html
    assert "owed 30 days after" in html and "Paying out stays with the shop." in html


def test_a_long_list_is_cut_and_an_empty_one_says_when_it_fills() -> None:
    html = shown(*(row(f"p{n}", "blocked") for n in range(N_SHOWN + 1)))
    assert html.count("<tr>") == 1 + N_SHOWN and "secondorder thanks rewards" in html
    assert "has ordered yet" in shown()
