import xml.etree.ElementTree as ET

import pytest

from tools.metrics.interval import wilson
from tools.pictures import amount_rows, arms_with_intervals, interval_rows, share_columns, share_curve, to_png

pytestmark = pytest.mark.slow

HOSTILE = '<script>alert("x")</script>\x00\u202e & co'
SVG = "{http://www.w3.org/2000/svg}"


def pictures() -> dict[str, str]:
    points, marks = [(0, 0.0), (1, 0.2), (9, 0.4)], [(9, "第9天")]
    return {
        "curve": share_curve(points, label="曲线", x_title="天", y_title="占比", marks=marks),
        "columns": share_columns([("第1单", 1.0, "9人"), ("第2单", 0.25, "2人")], label="columns"),
        "amounts": amount_rows([("首单", 9.0, "9 EUR"), ("二单", 0.0, "0 EUR")], label="amounts"),
        "intervals": interval_rows(
            [(HOSTILE, wilson(3, 30), "n=30"), (HOSTILE, wilson(9, 30), "n=30")],
            label=HOSTILE, reference=0.2, reference_word="全部 20%",
        ),
        "arms": arms_with_intervals(
            ("发送组", wilson(22, 100)), ("对照组", wilson(16, 100)), label="arms", difference="+6.0 pp"
        ),
    }  # fmt: skip


def words(svg: str) -> list[str]:
    return [text.text or "" for text in ET.fromstring(svg).iter(f"{SVG}text")]


def test_every_picture_is_well_formed_and_fetches_nothing() -> None:
    for name, svg in pictures().items():
        root = ET.fromstring(svg)
        assert root.tag == f"{SVG}svg", name
        assert root.get("role") == "img"
        assert root.get("aria-label")
        assert "<script" not in svg
        assert "href" not in svg
        assert "@font-face" not in svg


def test_the_words_and_figures_stand_in_the_picture() -> None:
    drawn = {name: words(svg) for name, svg in pictures().items()}
    assert {"第9天", "40.0%", "天", "占比"} <= set(drawn["curve"])
    assert {"第2单", "25.0%", "2人", "100%"} <= set(drawn["columns"])
    assert {"9 EUR", "二单"} <= set(drawn["amounts"])
    assert {"22.0%", "16.0%", "发送组", "+6.0 pp"} <= set(drawn["arms"])


def test_rows_with_the_same_name_both_stay() -> None:
    assert words(pictures()["intervals"]).count("n=30") == 2


@pytest.mark.slow
def test_chinese_glyphs_are_drawn_and_are_no_boxes() -> None:
    one, other = (to_png(share_columns([(name, 1.0, "")], label="x")) for name in ("复", "购"))
    assert one.startswith(b"\x89PNG")
    assert one != other  # two missing glyphs would be the same box
