"""The lift report's first table holds what decides, with intervals or reasons; opens and clicks stand apart."""

import html
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from rich.cells import cell_len

from agent.reports import PlanLift, render_lift, render_lift_page
from agent.reports.lift import Diagnostics
from agent.reports.lift_model import GoalProgress, RprReading
from agent.reports.lift_text import ReportLanguage, observed
from agent.reports.lift_words import first_rows, headline, money_rows
from memory.domain.evidence import ExactEvidence
from memory.domain.experiment import Arm, ArmSums, Interval
from memory.domain.outcome import NotEstimable
from tools.experiments import lift
from tools.experiments.arms import ArmMean
from tools.experiments.cohort_effects import cohort_effects

pytestmark = pytest.mark.slow

DAY_0 = datetime(2025, 12, 2, tzinfo=UTC)
LANGUAGES: tuple[ReportLanguage, ...] = ("en", "zh")


def sums(arm: Arm, n: int, repeat: int, *, margin: bool = True, cost_minor: int = 0) -> ArmSums:
    """Everyone who came back bought once, half of them for 40.00 and half for 60.00; the margin is 40 %."""
    squares = repeat / 2 * (4000.0**2 + 6000.0**2)
    return ArmSums(
        arm=arm, n_people=n, n_repeat=repeat, n_orders=repeat, revenue_minor=repeat * 5000, revenue_squared=squares,
        orders_squared=repeat, revenue_orders=repeat * 5000.0, margin_minor=repeat * 2000 if margin else None,
        margin_squared=squares * 0.16 if margin else None, cost_minor=cost_minor,
    )  # fmt: skip


def report(treated: ArmSums, control: ArmSums, *, live_after: int = 0, seen: int = 100) -> PlanLift:
    starts, ends = DAY_0 + timedelta(days=live_after), DAY_0 + timedelta(days=90)
    as_of = DAY_0 + timedelta(days=seen)
    return PlanLift(
        **dict(lift(treated, control)), plan_id="0" * 64, title="After the peak", currency="EUR", within_days=90,
        starts_at=starts, ends_at=ends, as_of=as_of, is_final=as_of >= ends,
        diagnostics=Diagnostics(messages={"sent": 900}, n_opens=321, n_clicks=45), reserved_minor=treated.cost_minor,
    )  # fmt: skip


def full() -> PlanLift:
    return report(sums("treated", 2000, 440, cost_minor=10_000), sums("control", 1000, 160))


def tables(page: str) -> list[list[list[str]]]:
    cells = r"<t[hd][^>]*>(.*?)</t[hd]>"
    return [
        [re.findall(cells, row) for row in re.findall(r"<tr>(.*?)</tr>", table)]
        for table in re.findall(r"<table>(.*?)</table>", page)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_s2_06_the_headline_is_the_added_customer_value_with_interval_and_horizon(language: ReportLanguage) -> None:
    found = full()
    value, days = found.revenue_difference_minor, observed(found, language)
    assert isinstance(value, Interval)
    text = render_lift(found, language).splitlines()
    assert text[1] == headline(found, language)
    assert all(f"{minor / 100:.2f}" in text[1] for minor in (value.estimate, value.low, value.high))
    assert days in text[1] and "90" in days
    page = render_lift_page(found, language)
    assert page.index(html.escape(headline(found, language))) < page.index("<table>")


def test_s2_06_a_value_that_cannot_be_read_yet_says_why_in_the_headline() -> None:
    few = report(sums("treated", 20, 1), sums("control", 10, 0))
    assert isinstance(few.revenue_difference_minor, NotEstimable)
    assert few.revenue_difference_minor.message.rstrip(".") in headline(few, "en")


def test_s2_57_the_first_table_holds_rpr_aov_and_clv_of_both_arms_with_intervals() -> None:
    rows = first_rows(full(), "en")
    assert [row[0] for row in rows] == [
        "Repeat purchase rate (RPR)",
        "Average order value (AOV)",
        "CLV over the 90 days since day 0, realised; not a prediction",
    ]
    assert rows[0][1:4] == ("22.0%", "16.0%", "+6.0 pp")
    assert rows[1][1:4] == ("50.00 EUR", "50.00 EUR", "0.00 EUR")
    assert rows[2][1:4] == ("11.00 EUR", "8.00 EUR", "+3.00 EUR")
    for row in rows:
        assert re.fullmatch(r"\[[+-]?[\d.]+ .*, [+-]?[\d.]+ .*\]", row[4])


@pytest.mark.parametrize("language", LANGUAGES)
def test_s2_57_the_page_and_the_text_lead_with_that_table_and_keep_opens_for_the_diagnostics(
    language: ReportLanguage,
) -> None:
    found = full()
    first = tables(render_lift_page(found, language))[0]
    assert [tuple(row) for row in first[1:]] == first_rows(found, language)
    text = render_lift(found, language)
    before, _, after = text.partition("Diagnostics" if language == "en" else "诊断")
    for word in ("321", "45", *(("Opens", "clicks") if language == "en" else ("打开", "点击"))):
        assert word not in before
        assert word in after
    assert before.index("CLV") < before.index("+37.5%")


@pytest.mark.parametrize("language", LANGUAGES)
def test_s2_57_what_cannot_be_read_says_why_in_a_whole_sentence(language: ReportLanguage) -> None:
    few = report(sums("treated", 200, 60, margin=False, cost_minor=900), sums("control", 50, 12))
    rows = first_rows(few, language)
    assert rows[0][4]
    end = "." if language == "en" else "。"
    for row in rows[1:]:
        assert row[2] == "–"
        assert "12" in row[3] and "50" in row[3]
        assert row[3].endswith(end)
        assert row[4] == ""
    missing = [row[1] for row in money_rows(few, language) if row[1].endswith(end)]
    assert len(missing) == 3
    assert all("`secondorder import costs`" in sentence for sentence in missing)
    nobody = report(sums("treated", 200, 60), sums("control", 0, 0))
    assert all(row[3].endswith(end) for row in first_rows(nobody, language))
    assert all(row[2] == "–" for row in first_rows(nobody, language))


def test_looks_and_goal_that_cannot_be_read_say_so_in_their_own_words() -> None:
    on = date(2025, 12, 30)
    next_look = f"No planned look could be read yet; the next is on {on}."
    reading = RprReading(planned=NotEstimable(code="window_open", message=next_look, readable_on=on))
    few = "The treated arm has 30 buyers; it is read from 50 on."
    goal = GoalProgress(
        metric="rpr", baseline=0.1, target=0.2, window_days=90, now=0.03, progress_rate=None,
        chance=NotEstimable(code="too_few_buyers", message=few),
    )  # fmt: skip
    found = report(sums("treated", 1000, 30), sums("control", 1000, 60)).model_copy(
        update={"reading": reading, "goal": goal}
    )
    english, chinese = render_lift(found, "en"), render_lift(found, "zh")
    assert f"Planned looks: {next_look}" in english and few in english
    assert f"计划内查看：还没有可以解读的计划内查看。约 {on} 可读。" in chinese
    assert "发送组有 30 位复购者；至少 50 位才可估计。" in chinese


def test_s2_57_clv_says_over_which_days_it_was_realised() -> None:
    arms = sums("treated", 2000, 440), sums("control", 1000, 160)
    assert "the first 41 of the 90 days since day 0" in first_rows(report(*arms, seen=41), "en")[2][0]
    assert "自第 0 天起 90 天中前 41 天" in first_rows(report(*arms, seen=41), "zh")[2][0]
    assert "the 85 days since the plan went live" in first_rows(report(*arms, live_after=5), "en")[2][0]


def test_the_text_s_columns_stand_under_each_other() -> None:
    for language in LANGUAGES:
        text = render_lift(full(), language).splitlines()
        table = text[text.index("") + 1 :][:8]
        ends = {cell_len(line[: line.rindex("[")]) for line in table[3::2]}
        assert len(ends) == 1, table


@pytest.mark.parametrize("language", LANGUAGES)
def test_s2_57_no_table_is_wider_than_a_terminal_of_80_columns(language: ReportLanguage) -> None:
    rich_shop = report(sums("treated", 200_000, 44_000, cost_minor=1_000_000), sums("control", 100_000, 16_000))
    few = report(sums("treated", 200, 60, margin=False, cost_minor=900), sums("control", 50, 12), seen=41)
    for found in (full(), rich_shop, few):
        wide = [line for line in render_lift(found, language).splitlines() if line.startswith("  ")]
        assert len(wide) > 10
        assert [line for line in wide if cell_len(line) > 80] == []


def test_s2_57_a_report_without_any_interval_is_still_written() -> None:
    """The cohort's line has no interval and no other line beside it."""
    found = report(sums("treated", 200, 60), sums("control", 0, 0))
    effects = cohort_effects({"vip": (ArmMean.of_share(200, 60), ArmMean.of_share(0, 0))})
    found = found.model_copy(update={"cohort_effects": effects})
    assert re.search("  VIPs +One arm is empty", render_lift(found, "en"))
    assert re.search("VIP 客户 +有一组没有人", render_lift(found, "zh"))


def test_a_chinese_cohort_does_not_carry_the_buyers_of_all_people() -> None:
    found = report(sums("treated", 2000, 440), sums("control", 1000, 160))
    effects = cohort_effects({"vip": (ArmMean.of_share(200, 60), ArmMean.of_share(100, 12))})
    said = render_lift(found.model_copy(update={"cohort_effects": effects}), "zh")
    line = next(line for line in said.splitlines() if "VIP 客户" in line)
    assert "较小一组的复购者太少，至少 50 位才可解读。" in line
    assert "440" not in line and "160" not in line


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_exact_evidence_stands_beside_the_sequence_until_the_end(language: ReportLanguage) -> None:
    seen = RprReading(exact=ExactEvidence(e_value=31.4159, needed=20.0, p_value=0.032, crosses=True))
    arms = sums("treated", 2000, 440), sums("control", 1000, 160)
    running = render_lift(report(*arms, seen=41).model_copy(update={"reading": seen}), language)
    assert "31.4" in running and "20" in running[running.index("31.4") :]
    assert "31.4" not in render_lift(report(*arms).model_copy(update={"reading": seen}), language)
