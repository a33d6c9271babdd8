from datetime import UTC, datetime, timedelta

from api.ui.parcels.lanes_view import N_DRAWN, render_lanes
from api.ui.parcels.lost_view import N_SHOWN, render_lost
from api.ui.shell.words import LANGUAGES, words
from api.verbs.parcels import LostParcel
from tools.parcels import Lane

AT = datetime(2027, 1, 2, 9, tzinfo=UTC)


def lane(carrier: str = "<post>", p99_days: float = 20.0, n: int = 1_200) -> Lane:
    return Lane(
        origin="CN", market="DE", carrier=carrier, n_parcels=n, n_arrived=1_000, scan_rate=0.8, p50_days=5,
        p90_days=10, p99_days=p99_days,
    )  # fmt: skip


def test_s1_16_a_lane_is_drawn_to_scale_and_stands_in_the_table_behind() -> None:
    html = render_lanes((lane(), lane("other", 40.0)), words("en"))
    assert 'width="300.0"' in html and 'width="150.0"' in html and "M75.0 17" in html  # of 600 for 40 days
    assert "China (CN) → Germany (DE) · &lt;post&gt;" in html and "<post>" not in html
    assert all(said in html for said in ("<details>", "1,200", "80.0%", "10.0 days", "40.0 days"))


def test_many_lanes_are_all_in_the_table_and_the_largest_in_the_picture() -> None:
    html = render_lanes(tuple(lane(f"c{at}") for at in range(N_DRAWN + 3)), words("en"))
    assert html.count("<g ") == N_DRAWN and html.count("<tr>") == N_DRAWN + 4
    assert "No parcel set out yet." in render_lanes((), words("en"))


def test_a_lane_that_no_shipment_names_is_called_unknown_in_both_languages() -> None:
    one = lane().model_copy(update={"origin": "", "carrier": ""})
    for language, said in zip(LANGUAGES, ("unknown → Germany (DE)", "未知 → 德国 (DE)"), strict=True):
        assert said in render_lanes((one,), words(language))


def test_lost_parcels_name_order_and_lane_by_the_shops_clock() -> None:
    one = LostParcel(
        order_ref="#<1>", person_id="p1", origin="CN", market="DE", carrier="post", started_at=AT,
        lost_at=AT + timedelta(days=20),
    )  # fmt: skip
    html = render_lost((one,), 1_000, words("en"), "Europe/Berlin")
    assert "#&lt;1&gt;" in html and "10:00 (Europe/Berlin)" in html and "Jan 22, 2027" in html
    many = render_lost((one,) * (N_SHOWN + 1), N_SHOWN + 1, words("en"), "UTC")
    assert "100 of 101+" in many and "secondorder parcels lost" in many
    assert "No parcel is overdue." in render_lost((), 1_000, words("en"), "UTC")
