"""The lift report's words, and why a figure is missing, in English and Chinese."""

from typing import Literal

from memory.domain.outcome import NotEstimable
from tools.experiments.lift import MIN_BUYERS

from .lift_model import PlanLift

ReportLanguage = Literal["en", "zh"]
WORDS: dict[ReportLanguage, dict[str, str]] = {
    "en": {
        "title": "Lift of “{title}”",
        "arms": "{n_treated} people could be messaged, {n_control} were randomly withheld.",
        "window": "Orders from {starts} to {ends}, read on {as_of}.",
        "headline": "Customer value (CLV) added per messaged person over {days}, realised: {value}.",
        "between": "{value}, 95 % interval {interval}",
        "open": "The window is still open: these figures move.",
        "final": "The window has ended.",
        "ratio": "Sample ratio: withheld {actual} of {expected} promised (p = {p}).",
        "suspicious": "The arms don't have the promised sizes. Don't trust the lift before the cause is found.",
        "rpr": "Repeat purchase rate (RPR)",
        "aov": "Average order value (AOV)",
        "clv": "CLV over {days}, realised; not a prediction",
        "days": "the {n} days since {start}",
        "days_so_far": "the first {seen} of the {n} days since {start}",
        "day_0": "day 0", "go_live": "the plan went live",
        "difference": "Difference",
        "money": "What it earned and cost",
        "relative": "Incremental RPR relative to the withheld",
        "clv_margin": "CLV in margin per person, difference, realised",
        "margin": "Added margin, before cost",
        "cost": "Cost",
        "roi": "Return: added margin over cost",
        "detectable": "Smallest lift these sizes can show",
        "figure": "Figure", "estimate": "Estimate", "interval": "95 % interval",
        "diagnostics": "Diagnostics (they decide nothing)",
        "opens": "Opens {n} by people, {machine} by software; clicks {clicks} by people, {machine_clicks} by software.",
        "messages": "Messages: {states}.",
        "left": "Unsubscribes through {what}: {rows}.",
        "by_step": "a step", "by_content": "a content", "by_cohort": "a cohort's messages",
        "reasons": "Reasons given: {rows}.",
        "points": "pp",
        "cohorts": "Incremental repeat purchase rate per cohort",
        "picture": "Repeat purchase rate of people messaged and people withheld",
        "treated_arm": "messaged", "control_arm": "withheld",
    },
    "zh": {
        "title": "“{title}”的增量效果",
        "arms": "{n_treated} 人可以收到消息，{n_control} 人被随机留出不发。",
        "window": "统计 {starts} 至 {ends} 的订单，读取于 {as_of}。",
        "headline": "{days}，每位收到消息的人已实现的客户价值（CLV）增量：{value}。",
        "between": "{value}，95% 区间 {interval}",
        "open": "观察期尚未结束：数字还会变。",
        "final": "观察期已结束。",
        "ratio": "样本比例：留出 {actual}，约定 {expected}（p = {p}）。",
        "suspicious": "两组人数与约定不符，查明原因之前不要相信增量。",
        "rpr": "复购率（RPR）",
        "aov": "客单价（AOV）",
        "clv": "{days}的已实现客户价值（CLV），不是预测",
        "days": "自{start}起 {n} 天内",
        "days_so_far": "自{start}起 {n} 天中前 {seen} 天",
        "day_0": "第 0 天", "go_live": "计划上线",
        "difference": "差值",
        "money": "带来的收益与成本",
        "relative": "增量复购率（相对对照组）",
        "clv_margin": "人均已实现毛利（CLV）之差",
        "margin": "增量毛利（未扣成本）",
        "cost": "成本",
        "roi": "回报：增量毛利除以成本",
        "detectable": "这一人数能看出的最小增量",
        "figure": "指标", "estimate": "估计值", "interval": "95% 区间",
        "diagnostics": "诊断（不作为决策依据）",
        "opens": "打开：人 {n} 次，机器 {machine} 次；点击：人 {clicks} 次，机器 {machine_clicks} 次。",
        "messages": "消息：{states}。",
        "left": "按{what}统计的退订：{rows}。",
        "by_step": "步骤", "by_content": "内容", "by_cohort": "人群",
        "reasons": "退订原因：{rows}。",
        "points": "个百分点",
        "cohorts": "各人群的增量复购率",
        "picture": "发送组与对照组的复购率",
        "treated_arm": "发送组", "control_arm": "对照组",
    },
}  # fmt: skip
COHORTS: dict[ReportLanguage, dict[str, str]] = {
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
        "first_time": "首单客户",
    },
}
_WHY_ZH = {
    "too_few_people": "至少有一组不足两人，无法估计。",
    "too_few_buyers": "发送组有 {treated} 位复购者，对照组有 {control} 位；每组至少 {least} 位，金额指标才可解读。",
    "no_control_group": "有一组没有人，无法比较；请在下一份计划中留出对照组。",
    "no_variance": "所有人的数值都相同，差值没有波动可供估计。",
    "missing_data": "商品成本未知；请用 `secondorder import costs` 导入。",
    "missing_rate": "缺少汇率；请用 `secondorder import rates` 导入。",
    "window_open": "观察期尚未结束，结束后才可解读。",
    "denominator_near_zero": "人均成本与 0 无法区分，回报没有意义；花费更多之后再看。",
}
_SMALLER_ZH = "发送组有 {treated} 位复购者，对照组有 {control} 位；较小的一组至少 {least} 位才可解读。"
_WHY_ZH_OF = {
    ("aov", "missing_data"): "没有保存订单数的平方和，无法给出客单价的区间。",
    ("rpr", "too_few_buyers"): _SMALLER_ZH,
    ("look", "too_few_buyers"): _SMALLER_ZH,
    (
        "part",
        "too_few_buyers",
    ): "收到的人中有 {treated} 位复购者，留出的人中有 {control} 位；较小的一组至少 {least} 位才可解读。",
    ("part", "window_open"): "它还没有到期的消息。",
    ("part", "no_control_group"): "有一组没有人，无法比较。",
    ("cohort", "too_few_buyers"): "较小一组的复购者太少，至少 {least} 位才可解读。",
    ("look", "window_open"): "还没有可以解读的计划内查看。",
    ("goal", "too_few_people"): "发送组不足两人，无法估计。",
    ("goal", "too_few_buyers"): "发送组有 {treated} 位复购者；至少 {least} 位才可估计。",
    ("goal", "window_open"): "观察期的第一天尚未结束。",
    ("standing", "too_few_people"): "顾客太少，无法估计。",
    ("standing", "too_few_buyers"): "这段时间内没有足够的订单，无法估计。",
    ("referral", "too_few_people"): "目前新客太少；至少 {least} 位才可估计。",
    ("referral", "window_open"): "观察期的第一天尚未结束。",
    ("relative", "too_few_buyers"): "两组都要有复购者，才能计算相对提升。",
    ("roi", "missing_data"): "计划还没有花费，因此没有可以相除的回报。",
    ("detectable", "no_variance"): "对照组的复购率是 0 或 1，无法说出能看见的最小增量。",
    ("detectable", "too_few_people"): "人数太少，再大的增量也看不出来。",
}


def why_missing(missing: NotEstimable, figure: str, report: PlanLift, language: ReportLanguage) -> str:
    """Say in one sentence why a figure of the report cannot be read."""
    named = "margin" if figure == "roi" and report.cost_minor > 0 else figure
    return why_not(missing, named, (report.treated.n_repeat, report.control.n_repeat), language)


def why_not(missing: NotEstimable, figure: str, n_repeat: tuple[int, int], language: ReportLanguage) -> str:
    """Say the same of a figure by its name; `n_repeat` is how many ordered again, treated and control."""
    if language == "en":
        return missing.message
    sentence = _WHY_ZH_OF.get((figure, missing.code), _WHY_ZH[missing.code])
    said = sentence.format(treated=n_repeat[0], control=n_repeat[1], least=MIN_BUYERS)
    return said if missing.readable_on is None else f"{said}约 {missing.readable_on} 可读。"


def observed(report: PlanLift, language: ReportLanguage) -> str:
    """Say over which days orders were counted: the goal's window from day 0, or what a late go-live left of it."""
    words, day = WORDS[language], 86_400
    n = round((report.ends_at - report.starts_at).total_seconds() / day)
    seen = max(0, int((report.as_of - report.starts_at).total_seconds() // day))
    start = words["day_0" if n >= report.within_days else "go_live"]
    return words["days" if report.is_final else "days_so_far"].format(n=n, seen=min(seen, n), start=start)
