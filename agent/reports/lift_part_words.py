"""The part holdouts of a lift report in words, English and Chinese: one row per journey or step, and their alarms."""

from memory.domain.evidence import CorrectedTest
from memory.domain.experiment import Estimate, Interval

from .lift_model import PartLift, PlanLift
from .lift_sections import Shown, money_of, points_of, signed
from .lift_text import WORDS, ReportLanguage, why_not

PART_WORDS: dict[ReportLanguage, dict[str, str]] = {
    "en": {
        "title": "What a journey or step adds beside the rest of the plan: people withheld from it alone",
        "journey": "journey {id}", "step": "step {id}",
        "head": "Journey or step", "since": "Orders since", "received": "Not withheld", "withheld": "Withheld",
        "difference": "Difference in RPR", "interval": "95 % interval", "ratio": "Share withheld",
        "p": "p, corrected (Holm)",
        "money": "Margin per person of the same people, less sends and incentives",
        "rate": "{rate} of {n}", "of": "{actual} of {expected} promised (p = {p})",
        "note": "Each interval is that of its row alone; p is corrected for the {n} tests of this table and the next.",
        "later": "Whether one of them differs from zero is tested once, at the end of the window.",
        "suspicious": "The arms of the {part} don't have the promised sizes. Don't trust its row before the cause is "
        "found.",
        "messaged": "ALARM: {n} people who are withheld from the {part} got a message of it. Find the cause before you "
        "read its row.",
    },
    "zh": {
        "title": "某个旅程或步骤在计划其余部分之外的增量：只对它留出的客户",
        "journey": "旅程 {id}", "step": "步骤 {id}",
        "head": "旅程或步骤", "since": "统计起始", "received": "未留出", "withheld": "留出",
        "difference": "复购率差值", "interval": "95% 区间", "ratio": "留出比例",
        "p": "校正后 p（Holm）",
        "money": "同一批客户的人均毛利（已扣发送与激励费用）",
        "rate": "{n} 人中 {rate}", "of": "{actual}，约定 {expected}（p = {p}）",
        "note": "每个区间只针对本行；p 已按本表与下表共 {n} 次检验校正。",
        "later": "是否与 0 有差异，只在观察期结束时检验一次。",
        "suspicious": "{part}的两组人数与约定不符，查明原因之前不要相信这一行。",
        "messaged": "警报：{n} 位被{part}留出的客户收到了它的消息，请先查明原因。",
    },
}  # fmt: skip


def part_head(language: ReportLanguage) -> tuple[str, ...]:
    """Give the names of the columns."""
    return _named(language, "head", "since", "received", "withheld", "ratio", "difference", "interval", "p")


def money_head(language: ReportLanguage) -> tuple[str, ...]:
    """Give the names of the columns of margin."""
    named = _named(language, "head", "received", "withheld", "interval", "p")
    return (*named[:3], WORDS[language]["difference"], *named[3:])


def part_rows(report: PlanLift, language: ReportLanguage) -> list[tuple[str, ...]]:
    """Give one row per part holdout, in the order of `part_head`."""
    return [_row(one, language) for one in report.parts]


def part_money_rows(report: PlanLift, language: ReportLanguage) -> list[tuple[str, ...]]:
    """Give margin per person of each, in the order of `money_head`."""
    return [_money_row(one, report, language) for one in report.parts]


def part_note(report: PlanLift, language: ReportLanguage) -> str:
    """Say how many tests the p values are corrected for, or when there will be some."""
    found = [test for one in report.parts for test in (one.rpr_test, one.net_margin_test) if test is not None]
    words = PART_WORDS[language]
    return words["note"].format(n=found[0].n_tests) if found else words["later"]


def part_alarms(report: PlanLift, language: ReportLanguage) -> list[str]:
    """Say of which part withheld people got messages, and which arms have the wrong sizes."""
    words = PART_WORDS[language]
    leaks = [words["messaged"].format(n=f"{one.n_messaged:,}", part=_name(one, language)) for one in report.parts
             if one.n_messaged]  # fmt: skip
    return leaks + [
        words["suspicious"].format(part=_name(one, language)) for one in report.parts if one.sample_ratio.is_suspicious
    ]


def _named(language: ReportLanguage, *names: str) -> tuple[str, ...]:
    return tuple(PART_WORDS[language][name] for name in names)


def _row(one: PartLift, language: ReportLanguage) -> tuple[str, ...]:
    words, ratio = PART_WORDS[language], one.sample_ratio

    def level(rate: Estimate, n: int) -> str:
        return words["rate"].format(rate=f"{rate.estimate:.1%}", n=f"{n:,}") if isinstance(rate, Interval) else "–"

    said = words["of"].format(
        actual=f"{ratio.actual_control_rate:.1%}",
        expected=f"{ratio.expected_control_rate:.1%}",
        p=f"{ratio.p_value:.2f}",
    )
    levels = level(one.treated_rpr, one.n_treated), level(one.withheld_rpr, one.n_withheld)
    read = _read(one, one.rpr_difference_pp, one.rpr_test, points_of(language), language)
    return (_name(one, language), f"{one.starts_at:%Y-%m-%d}", *levels, said, *read)


def _money_row(one: PartLift, report: PlanLift, language: ReportLanguage) -> tuple[str, ...]:
    money, levels = money_of(report), (one.treated_net_margin_minor, one.withheld_net_margin_minor)
    shown = (money(each.estimate) if isinstance(each, Interval) else "–" for each in levels)
    read = _read(one, one.net_margin_difference_minor, one.net_margin_test, signed(money), language)
    return (_name(one, language), *shown, *read)


def _read(
    one: PartLift, gap: Estimate, test: CorrectedTest | None, shown: Shown, language: ReportLanguage
) -> tuple[str, str, str]:
    """Give difference, interval and corrected p, or why there is none."""
    if not isinstance(gap, Interval):
        return (why_not(gap, "part", (one.n_treated_buyers, one.n_withheld_buyers), language), "", "")
    ends = f"[{shown(gap.low)}, {shown(gap.high)}]"
    return (shown(gap.estimate), ends, "–" if test is None else f"{test.p_adjusted:.3f}")


def _name(one: PartLift, language: ReportLanguage) -> str:
    return PART_WORDS[language][one.part].format(id=one.part_id)
