from datetime import UTC, datetime

from agent.loyalty.expiring import Expiring, ExpiringPage
from agent.loyalty.liability import ASSUMED, CreditLiability, Liability, PointsLiability
from api.ui.members.owed_view import N_SHOWN, render_expiring, render_owed
from api.ui.shell.words import words
from tests.tools.loyalty.programme import eur

AT = datetime(2027, 1, 20, 12, tzinfo=UTC)
POINTS = PointsLiability(
    n_members=9, points=1_377, cost=eur(2_754), breakage_rate=0.2, expected_cost=eur(2_203), breakage_label=ASSUMED,
    n_orders_without_rate=3,
)  # fmt: skip
CREDIT = CreditLiability(
    plan_id="a" * 64, offer_id="vip.<credit>", n_granted=40, n_used=10, outstanding=eur(30_000),
    not_open_yet=eur(30_000), expired=eur(0),
)  # fmt: skip


def owed(points: PointsLiability | None, *credits: CreditLiability) -> str:
    found = Liability(as_of=AT, points=points, credits=credits, outstanding=eur(32_754))
    return render_owed(found, words("en"), "Europe/Berlin")


def test_breakage_is_called_an_assumption_and_what_is_owed_stands_before_it() -> None:
    html = owed(POINTS, CREDIT)
    assert "€327.54" in html and "before breakage" in html and "1,377 points" in html
    assert "Never redeemed: 20%." in html and "assumption of the programme" in html and "not measured" in html
    assert "earned nothing: 3" in html and "Jan 20, 2027, 13:00 (Europe/Berlin)" in html
    assert "vip.&lt;credit&gt;" in html and "€300.00" in html


def test_without_a_programme_or_credit_it_says_so() -> None:
    html = owed(None)
    assert "Nobody was given" in html and "breakage)" not in html


def test_points_that_expire_lead_to_people_the_first_few_alone() -> None:
    rows = tuple(Expiring(person_id=f"p{n:03}", points=10, first_at=AT) for n in range(N_SHOWN))
    found = ExpiringPage(n_all=12_000, n_points=130_000, start=0, members=rows)
    html = render_expiring(found, 30, words("en"), "Europe/Berlin")
    assert "130,000 points" in html and 'href="/ui/people/p000"' in html and html.count("<tr>") == 1 + N_SHOWN
    assert "25 of 12,000 members" in html and "secondorder loyalty expiring" in html
    few = found.model_copy(update={"n_all": N_SHOWN})
    assert "secondorder loyalty expiring" not in render_expiring(few, 30, words("en"), "Europe/Berlin")
    none = ExpiringPage(n_all=0, n_points=0, start=0, members=())
    assert "within 30 days" in render_expiring(none, 30, words("en"), "Europe/Berlin")
