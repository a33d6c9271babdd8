from datetime import UTC, datetime
from typing import get_args

from agent.community.ambassadors import AmbassadorOrders, Candidate, CandidatePage, ScoreTerm
from api.ui.community.ambassadors_view import (
    STATES,
    ambassadors_table,
    candidates_lead,
    orders_table,
    render_candidate,
    render_proposal,
)
from api.ui.shell.words import LANGUAGES, words
from memory.domain.ambassador import Ambassador, AmbassadorState
from tools.community.score import TERMS

AT = datetime(2027, 1, 2, 9, tzinfo=UTC)
ANN = Candidate(
    person_id="ann", score=90,
    terms=(ScoreTerm(term="orders", n=14, n_counted=10, points_each=5, points=50),
           ScoreTerm(term="referrals", n=2, n_counted=2, points_each=20, points=40),
           ScoreTerm(term="tier", n=0, n_counted=0, points_each=10, points=0)),
)  # fmt: skip


def test_s1_32_a_score_says_what_it_is_made_of_and_that_nothing_measured_it() -> None:
    html = render_candidate(ANN, words("en"))
    assert "90 points" in html and "Purchases: 14, of which 10 count at 5 points: 50" in html
    assert "Friends who were new and bought: 2" in html and "Tiers" not in html
    lead = candidates_lead(CandidatePage(n_all=2_000, start=0, candidates=(ANN,)), words("en"))
    assert "invented, not measured" in lead and "2,000 buyers" in lead and "ambassador candidates" in lead
    nobody = CandidatePage(n_all=0, start=0, candidates=())
    assert "There is no candidate." in candidates_lead(nobody, words("en"))


def test_every_term_and_state_has_its_words_in_both_languages() -> None:
    assert set(get_args(AmbassadorState)) == set(STATES)
    for language in LANGUAGES:
        say = words(language)
        assert all(say("community", "terms", term.id) for term in TERMS)
        assert all(say("community", "ambassador_states", state) for state in STATES)


def test_a_proposal_names_who_proposed_and_a_person_without_purchases_has_no_score() -> None:
    one = Ambassador(person_id="ann", state="proposed", proposed_by="<mia>", proposed_at=AT)
    html = render_proposal(one, ANN, words("en"), "UTC")
    assert "&lt;mia&gt;" in html and "90 points" in html
    assert "no purchase that counts" in render_proposal(one, None, words("en"), "UTC")


def test_ambassadors_stand_first_with_who_decided_and_friends_orders_are_no_effect() -> None:
    told = {"proposed_by": "mia", "proposed_at": AT, "decided_by": "ari", "decided_at": AT}
    found = (Ambassador(person_id="ben", state="refused", **told),
             Ambassador(person_id="ann", state="ambassador", accepted_at=AT, **told))  # fmt: skip
    html = ambassadors_table(found, words("en"), "UTC")
    assert html.index("/ui/people/ann") < html.index("/ui/people/ben") and "ari" in html and "09:00 (UTC)" in html
    orders = (AmbassadorOrders(person_id="ann", n_friends=1, n_orders=3, net_minor=7_050),)
    shown = orders_table(orders, "EUR", words("en"))
    assert "€70.50" in shown and "no effect" in shown
    assert "Nobody was proposed yet." in ambassadors_table((), words("en"), "UTC")
