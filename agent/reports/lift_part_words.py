"""The part holdouts of a lift report in words, English and Chinese: one row per journey or step, and their alarms."""

from memory.domain.experiment import Estimate, Interval

from .lift_model import PartLift, PlanLift
from .lift_text import ReportLanguage, why_not

PART_WORDS: dict[ReportLanguage, dict[str, str]] = {
    "en": {
        "title": "What a journey or step adds beside the rest of the plan: people withheld from it alone",
        "journey": "journey {id}", "step": "step {id}",
        "head": "Journey or step", "since": "Orders since", "received": "Not withheld", "withheld": "Withheld",
        "difference": "Difference in RPR", "interval": "95 % interval", "ratio": "Share withheld",
        "rate": "{rate} of {n}", "of": "{actual} of {expected} promised (p = {p})", "points": "pp",
        "note": "Each row is an experiment of its own; looking at several is not corrected for.",
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
        "rate": "{n} 人中 {rate}", "of": "{actual}，约定 {expected}（p = {p}）", "points": "个百分点",
        "note": "每一行都是单独的实验；同时看多行未做校正。",
        "suspicious": "{part}的两组人数与约定不符，查明原因之前不要相信这一行。",
        "messaged": "警报：{n} 位被{part}留出的客户收到了它的消息，请先查明原因。",
    },
}  # fmt: skip


def part_head(language: ReportLanguage) -> tuple[str, ...]:
    """Give the names of the columns."""
    words = PART_WORDS[language]
    return tuple(words[name] for name in ("head", "since", "received", "withheld", "difference", "interval", "ratio"))


def part_rows(report: PlanLift, language: ReportLanguage) -> list[tuple[str, ...]]:
    """Give one row per part holdout, in the order of `part_head`."""
    return [_row(one, language) for one in report.parts]


def part_alarms(report: PlanLift, language: ReportLanguage) -> list[str]:
    """Say of which part withheld people got messages, and which arms have the wrong sizes."""
    words = PART_WORDS[language]
    leaks = [words["messaged"].format(n=f"{one.n_messaged:,}", part=_name(one, language)) for one in report.parts
             if one.n_messaged]  # fmt: skip
    return leaks + [
        words["suspicious"].format(part=_name(one, language)) for one in report.parts if one.sample_ratio.is_suspicious
    ]


def _row(one: PartLift, language: ReportLanguage) -> tuple[str, ...]:
    words, gap, ratio = PART_WORDS[language], one.rpr_difference_pp, one.sample_ratio

    def points(value: float) -> str:
        return f"{value:+.1f} {words['points']}"

    def level(rate: Estimate, n: int) -> str:
        return words["rate"].format(rate=f"{rate.estimate:.1%}", n=f"{n:,}") if isinstance(rate, Interval) else "–"

    read = (
        (points(gap.estimate), f"[{points(gap.low)}, {points(gap.high)}]")
        if isinstance(gap, Interval)
        else (why_not(gap, "part", (one.n_treated_buyers, one.n_withheld_buyers), language), "")
    )
    said = words["of"].format(
        actual=f"{ratio.actual_control_rate:.1%}",
        expected=f"{ratio.expected_control_rate:.1%}",
        p=f"{ratio.p_value:.2f}",
    )
    since, levels = f"{one.starts_at:%Y-%m-%d}", (
        level(one.treated_rpr, one.n_treated), level(one.withheld_rpr, one.n_withheld),
    )  # fmt: skip
    return (_name(one, language), since, *levels, *read, said)


def _name(one: PartLift, language: ReportLanguage) -> str:
    return PART_WORDS[language][one.part].format(id=one.part_id)
