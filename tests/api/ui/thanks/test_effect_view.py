from api.ui.shell.words import words
from api.ui.thanks.effect_view import render_effect
from memory.domain.experiment import Estimate, Interval
from memory.domain.outcome import NotEstimable
from tests.factories.thanks import AT
from tools.experiments import sample_ratio
from tools.experiments.intervals import wilson
from tools.thanks.effect import ArmRead, PairRead, ThanksEffect, VariantRead

NONE = NotEstimable(code="no_control_group", message="One arm is empty.")


def points(low: float, high: float, level: float = 0.95) -> dict[str, Estimate]:
    one = Interval(estimate=(low + high) / 2, low=low, high=high, level=level, method="by hand")
    return {"second_order_pp": one, "follows_pp": one, "leads_pp": NONE}


def arm(name: str, n_second: int) -> ArmRead:
    rate = wilson(n_second, 100)
    return ArmRead(arm=name, n_people=100, n_second=n_second, n_follows=3, n_leads=1, second_rate=rate)


def effect(low: float, high: float, n_plain: int = 100) -> ThanksEffect:
    return ThanksEffect(
        as_of=AT, measured_days=60, n_open=7, arms=(arm("a", 30), arm("b", 20), arm("plain", 10)),
        against_plain=(VariantRead(variant="", **points(low, high)), VariantRead(variant="a", **points(1, 9, 0.983))),
        between=(PairRead(first="a", second="b", **points(-2, 4, 0.983)),),
        sample_ratio=sample_ratio(200, n_plain, 1 / 3),
    )  # fmt: skip


def shown(found: ThanksEffect) -> str:
    return render_effect(found, 1 / 3, words("en"), "Europe/Berlin")


def test_s1_13_the_effect_stands_against_the_plain_page_with_its_interval_and_what_that_says() -> None:
    for low, high, said in ((1, 9, "brought more"), (-9, -1, "brought fewer"), (-4, 6, "No difference")):
        assert said in shown(effect(low, high))
    html = shown(effect(1, 9))
    assert "+5.0 pp" in html and "+1.0 pp to +9.0 pp, 95% interval" in html and "98.3% interval" in html
    assert "Plain page" in html and "do not count yet: 7." in html and "Jan 15, 2026, 13:00 (Europe/Berlin)" in html
    assert "One arm is empty" in html and "30.0%" in html and "promised size" not in html


def test_arms_of_a_wrong_size_are_told_first_and_without_a_plain_arm_there_is_no_figure() -> None:
    assert "promised size" in shown(effect(1, 9, n_plain=10))
    nothing = VariantRead(variant="", second_order_pp=NONE, follows_pp=NONE, leads_pp=NONE)
    html = shown(effect(1, 9).model_copy(update={"against_plain": (nothing,), "between": (), "arms": ()}))
    assert html.count("One arm is empty") == 4 and "<table" not in html
