"""The lift report in words and as a page, in English and Chinese. The first table holds what decides."""

import html
from collections.abc import Callable
from typing import Literal

from memory.domain.experiment import Estimate, Interval
from memory.domain.money import exponent
from memory.domain.outcome import NotEstimable

from .lift import PlanLift

ReportLanguage = Literal["en", "zh"]
_WORDS: dict[ReportLanguage, dict[str, str]] = {
    "en": {
        "title": "Lift of “{title}”",
        "arms": "{n_treated} people could be messaged, {n_control} were randomly withheld.",
        "window": "Orders from {starts} to {ends}, read on {as_of}.",
        "open": "The window is still open: these figures move, and whoever looks every day will see chance.",
        "final": "The window has ended.",
        "ratio": "Sample ratio: withheld {actual} of {expected} promised (p = {p}).",
        "suspicious": "The arms don't have the promised sizes. Don't trust the lift before the cause is found.",
        "rpr_treated": "Repeat purchase rate, messaged",
        "rpr_control": "Repeat purchase rate, withheld",
        "rpr": "Incremental repeat purchase rate",
        "relative": "The same, relative to the withheld",
        "aov": "Order value, difference",
        "value": "Revenue per person, difference (value of a customer in the window)",
        "margin": "Added margin, before cost",
        "cost": "Cost (sends paid, incentives expected to be redeemed)",
        "roi": "Return: added margin over cost",
        "detectable": "Smallest lift these sizes can show",
        "figure": "Figure", "estimate": "Estimate", "interval": "95 % interval",
        "diagnostics": "Diagnostics (they decide nothing)",
        "opens": "Opens {n} by people, {machine} by software; clicks {clicks} by people, {machine_clicks} by software.",
        "messages": "Messages: {states}.",
        "points": "percentage points",
        "cohorts": "Incremental repeat purchase rate per cohort",
        "picture": "Repeat purchase rate of people messaged and people withheld",
        "treated_arm": "messaged", "control_arm": "withheld",
    },
    "zh": {
        "title": "“{title}”的增量效果",
        "arms": "{n_treated} 人可以收到消息，{n_control} 人被随机留出不发。",
        "window": "统计 {starts} 至 {ends} 的订单，读取于 {as_of}。",
        "open": "观察期尚未结束：数字还会变，天天看就会看到偶然。",
        "final": "观察期已结束。",
        "ratio": "样本比例：留出 {actual}，约定 {expected}（p = {p}）。",
        "suspicious": "两组人数与约定不符，查明原因之前不要相信增量。",
        "rpr_treated": "复购率（发送组）",
        "rpr_control": "复购率（对照组）",
        "rpr": "增量复购率",
        "relative": "相对对照组的提升",
        "aov": "客单价之差",
        "value": "人均收入之差（观察期内的客户价值）",
        "margin": "增量毛利（未扣成本）",
        "cost": "成本（已发送费用与预计兑换的激励）",
        "roi": "回报：增量毛利除以成本",
        "detectable": "这一人数能看出的最小增量",
        "figure": "指标", "estimate": "估计值", "interval": "95% 区间",
        "diagnostics": "诊断（不作为决策依据）",
        "opens": "打开：人 {n} 次，机器 {machine} 次；点击：人 {clicks} 次，机器 {machine_clicks} 次。",
        "messages": "消息：{states}。",
        "points": "个百分点",
        "cohorts": "各人群的增量复购率",
        "picture": "发送组与对照组的复购率",
        "treated_arm": "发送组", "control_arm": "对照组",
    },
}  # fmt: skip
_COHORTS: dict[ReportLanguage, dict[str, str]] = {
    "en": {
        "vip": "VIPs",
        "reactivated": "Reactivated",
        "discount_sensitive": "Discount-sensitive",
        "first_time": "First-time",
    },
    "zh": {
        "vip": "VIP 客户",
        "reactivated": "回流客户",
        "discount_sensitive": "价格敏感客户",
        "first_time": "首购客户",
    },
}
_WHY_ZH = {
    "too_few_people": "人数太少",
    "too_few_buyers": "购买者太少",
    "no_control_group": "没有对照组",
    "no_variance": "没有差异可比",
    "missing_data": "缺少数据",
    "missing_rate": "缺少汇率",
    "window_open": "观察期未结束",
}
Row = tuple[str, str, str]


def render_lift(report: PlanLift, language: ReportLanguage = "en") -> str:
    """Give the report as plain text."""
    words = _WORDS[language]
    rows = lift_rows(report, language)
    width = max(len(name) for name, _, _ in rows)
    table = [f"  {name.ljust(width)}  {estimate}  {interval}".rstrip() for name, estimate, interval in rows]
    cohorts = [
        f"  {name}: {estimate}  {interval}".rstrip() for name, estimate, interval in cohort_rows(report, language)
    ]
    parts = [
        words["title"].format(title=report.title),
        *_head(report, language),
        "",
        *table,
        "",
        f"{words['cohorts']}:",
    ]
    return "\n".join([*parts, *cohorts, "", f"{words['diagnostics']}:", *_diagnostics(report, language)])


def render_lift_page(report: PlanLift, language: ReportLanguage = "en") -> str:
    """Give the report as one HTML page with its picture inside."""
    words = _WORDS[language]
    title = html.escape(words["title"].format(title=report.title))
    head = "".join(f"<p>{html.escape(line)}</p>" for line in _head(report, language))
    names = (words["figure"], words["estimate"], words["interval"])
    foot = "".join(f"<p>{html.escape(line)}</p>" for line in _diagnostics(report, language))
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width"><title>{title}</title><style>{_STYLE}</style></head><body><main>'
        f"<h1>{title}</h1>{head}{_picture(report, language)}{_table(names, lift_rows(report, language))}"
        f"<h2>{html.escape(words['cohorts'])}</h2>{_table(names, cohort_rows(report, language))}"
        f"<h2>{html.escape(words['diagnostics'])}</h2>{foot}</main></body></html>"
    )


def lift_rows(report: PlanLift, language: ReportLanguage) -> list[Row]:
    """Give the deciding table: (figure, estimate, interval). Points and relative lift stand apart."""
    words = _WORDS[language]
    share, money = _share, _money(report)
    points = _points(words["points"])
    return [
        (words["rpr_treated"], *_cells(language, report.treated.rpr, share)),
        (words["rpr_control"], *_cells(language, report.control.rpr, share)),
        (words["rpr"], *_cells(language, report.rpr_difference_pp, points)),
        (words["relative"], *_cells(language, report.rpr_relative_lift, _signed_share)),
        (words["aov"], *_cells(language, report.aov_difference_minor, money)),
        (words["value"], *_cells(language, report.revenue_difference_minor, money)),
        (words["margin"], *_cells(language, report.incremental_margin_minor, money)),
        (words["cost"], money(report.cost_minor), ""),
        (words["roi"], *_cells(language, report.roi, lambda value: f"{value:.2f}")),
        (words["detectable"], _cells(language, report.detectable_lift_pp, points)[0], ""),
    ]


def cohort_rows(report: PlanLift, language: ReportLanguage) -> list[Row]:
    """Give the incremental repeat purchase rate per cohort."""
    points = _points(_WORDS[language]["points"])
    return [
        (_COHORTS[language].get(one.cohort, one.cohort), *_cells(language, one.lift.rpr_difference_pp, points))
        for one in report.cohorts
    ]


def _head(report: PlanLift, language: ReportLanguage) -> list[str]:
    words, ratio = _WORDS[language], report.sample_ratio
    lines = [
        words["arms"].format(n_treated=f"{report.treated.n_people:,}", n_control=f"{report.control.n_people:,}"),
        words["window"].format(starts=_day(report.starts_at), ends=_day(report.ends_at), as_of=_day(report.as_of)),
        words["final" if report.is_final else "open"],
        words["ratio"].format(
            actual=f"{ratio.actual_control_rate:.1%}",
            expected=f"{ratio.expected_control_rate:.1%}",
            p=f"{ratio.p_value:.2f}",
        ),
    ]
    return [*lines, words["suspicious"]] if ratio.is_suspicious else lines


def _diagnostics(report: PlanLift, language: ReportLanguage) -> list[str]:
    words, seen = _WORDS[language], report.diagnostics
    states = ", ".join(f"{state} {n:,}" for state, n in seen.messages.items()) or "0"
    opens = words["opens"].format(
        n=seen.n_opens, machine=seen.n_machine_opens, clicks=seen.n_clicks, machine_clicks=seen.n_machine_clicks
    )
    return [words["messages"].format(states=states), opens]


def _picture(report: PlanLift, language: ReportLanguage) -> str:
    from tools.pictures import arms_with_intervals

    words = _WORDS[language]
    treated, control = report.treated.rpr, report.control.rpr
    if isinstance(treated, NotEstimable) or isinstance(control, NotEstimable):
        return ""
    difference = " ".join(_cells(language, report.rpr_difference_pp, _points(words["points"])))
    return arms_with_intervals(
        (words["treated_arm"], treated), (words["control_arm"], control), label=words["picture"], difference=difference
    )


def _table(names: Row, rows: list[Row]) -> str:
    head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in names)
    body = "".join(
        f'<tr><th scope="row">{html.escape(name)}</th>'
        f"<td>{html.escape(estimate)}</td><td>{html.escape(interval)}</td></tr>"
        for name, estimate, interval in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cells(language: ReportLanguage, estimate: Estimate, shown: Callable[[float], str]) -> tuple[str, str]:
    if isinstance(estimate, Interval):
        return shown(estimate.estimate), f"[{shown(estimate.low)}, {shown(estimate.high)}]"
    return (f"–（{_WHY_ZH[estimate.code]}）" if language == "zh" else f"– ({estimate.message})"), ""


def _points(unit: str) -> Callable[[float], str]:
    return lambda value: f"{value:+.1f} {unit}"


def _share(value: float) -> str:
    return f"{value:.1%}"


def _signed_share(value: float) -> str:
    return f"{value:+.1%}"


def _money(report: PlanLift) -> Callable[[float], str]:
    decimals = exponent(report.currency)
    return lambda minor: f"{minor / 10**decimals:,.{decimals}f} {report.currency}"


def _day(at: object) -> str:
    return str(at)[:10]


_STYLE = (
    "body{margin:0;background:#f6f5f1;color:#1f2933;font:16px/1.6 system-ui,'Noto Sans CJK SC',sans-serif}"
    "main{max-width:860px;margin:0 auto;padding:32px 20px}h1{font-size:28px;line-height:1.25}"
    "table{border-collapse:collapse;width:100%;background:#fff;border-radius:8px}"
    "th,td{text-align:left;padding:10px 14px;border-bottom:1px solid #e4e1d8;vertical-align:top}"
    "tbody th{font-weight:500}td{font-variant-numeric:tabular-nums}svg{max-width:100%;height:auto}"
)
