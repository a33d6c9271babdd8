"""One small reader per kind of phrase: text in, changes or none out; the registry is one list."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from agent.planning.context import PlanContext
from memory.domain.brief import (
    AllowChannel,
    AppPriority,
    BriefChange,
    EarlyAccessFirst,
    ExcludeChannel,
    ExcludeKind,
    Goal,
    MoveStep,
    Prioritise,
    RemoveStep,
    SetAnchor,
    SetBudget,
    SetGoal,
    SetHoldout,
    SetPeak,
)
from memory.domain.cohort import COHORTS
from memory.domain.money import Money

from .numerals import CURRENCY, HAN_NUMBER, LATIN_NUMBER, day, money, number, rate
from .words import find_channel, find_cohort, find_market, find_template

Reader = Callable[[str, PlanContext], tuple[BriefChange, ...]]
AMOUNT = rf"(?:{LATIN_NUMBER})\s*(?:k\b|thousand|千|万)?|{HAN_NUMBER}"
NEGATED = re.compile(
    r"\b(?:no|not|without|don'?t|do not|never|stop|exclude|skip|drop|disable|leave out)\b"
    r"|别|不要|不发|不用|勿|停止|停用|排除|关闭|禁用|取消"
)
ALLOWED = re.compile(r"\b(?:allow|enable|again|use|turn on|re-?enable)\b|允许|恢复|启用|可以发|重新")
REMOVED = re.compile(r"\b(?:remove|delete|drop|skip|leave out|take out|without|no)\b|删掉|删除|去掉|移除|取消|不要")
BUDGET_WORDS = re.compile(
    r"\b(?:budget|spend|cap|cost|at most|no more than|up to|maximum|max)\b|预算|花费|最多花|不超过|上限|总共花|花"
)
MOVED = re.compile(r"\bmove\b|\bshift\b|\bsend\b|挪|移|改到|调到|放到|推迟")
PRIORITISED = re.compile(r"\bprioriti[sz]e\b|优先给|优先照顾|重点")


def budget(text: str, context: PlanContext) -> tuple[BriefChange, ...]:
    """Read 'spend at most 2,000 EUR' and '预算两千欧'; without a currency the shop's is meant."""
    if not BUDGET_WORDS.search(text) or rate_in(text) is not None:
        return ()
    before = re.search(rf"({CURRENCY})\s*({AMOUNT})", text)
    after = re.search(rf"({AMOUNT})\s*({CURRENCY})", text)
    found: Money | None = None
    if after:
        found = money(after[1], after[2])
    elif before:
        found = money(before[2], before[1])
    elif bare := re.search(rf"({AMOUNT})\s*$", text):
        found = money(bare[1], context.shop.currency.lower()) or _own(bare[1], context)
    return () if found is None else (SetBudget(budget=found),)


ELSEWHERE = re.compile(r"\bin (?!(?:general|total|all|any|every|(?:this|the|our|my) plan)\b)")
"""Names a place or time: where it is no market we know, the wish must not be read as one for all markets."""


def channel(text: str, context: PlanContext) -> tuple[BriefChange, ...]:
    """Read 'no SMS in Germany', '德国别发短信' and their opposites; without a market all markets are meant."""
    which, market = find_channel(text), find_market(text)
    if which is None or find_template(text) is not None or (market is None and ELSEWHERE.search(text)):
        return ()
    if NEGATED.search(text):
        return (ExcludeChannel(channel=which, market=market),)
    if ALLOWED.search(text):
        return (AllowChannel(channel=which, market=market),)
    return ()


def early_access(text: str, context: PlanContext) -> tuple[BriefChange, ...]:
    """Read 'VIPs first' and 'VIP 先买'."""
    cohort = find_cohort(text)
    says = r"\b(?:vips?|customers?|buyers?|them)?\s*(?:may |can )?(?:buy |shop )?first\b|early access|before others"
    if cohort is None or not re.search(says + r"|先买|优先购|先购|抢先|提前购|先抢", text) or _is_money(text):
        return ()
    if find_cohort(text) == "first_time" and not re.search(r"\bfirst$|先|提前|抢|early access|before others", text):
        return ()
    return (EarlyAccessFirst(cohort=cohort),)


def prioritise(text: str, context: PlanContext) -> tuple[BriefChange, ...]:
    """Read 'budget to VIPs first' and '预算优先给VIP'."""
    cohort = find_cohort(text)
    if cohort is None:
        return ()
    if (_is_money(text) and re.search(r"\bfirst\b|priorit", text)) or re.search(
        r"\bprioriti[sz]e\b|优先给|优先照顾|重点", text
    ):
        return (Prioritise(cohort=cohort),)
    return ()


def holdout(text: str, context: PlanContext) -> tuple[BriefChange, ...]:
    """Read 'holdout 10 %' and '对照组百分之十'."""
    if not re.search(r"hold-?\s?out|control group|withhold|对照组|留出|保留组", text):
        return ()
    found = rate_in(text)
    return () if found is None else (SetHoldout(rate=found),)


def anchor(text: str, context: PlanContext) -> tuple[BriefChange, ...]:
    """Read 'start on 2 December' and '从12月2日开始'."""
    if not re.search(r"\bstarts?\b|\bstarting\b|\bbegins?\b|anchor|day 0|开始|起始|启动|锚点", text) or _is_peak(text):
        return ()
    found = dates_in(text, context.anchor_on)
    return (SetAnchor(on=found[0]),) if len(found) == 1 else ()


def peak(text: str, context: PlanContext) -> tuple[BriefChange, ...]:
    """Read 'peak from 2026-11-27 to 2026-11-30' and '大促是11月27日到11月30日'."""
    if not _is_peak(text):
        return ()
    found = dates_in(text, context.peak_from)
    return (SetPeak(from_on=found[0], until_on=found[1]),) if len(found) == 2 and found[0] <= found[1] else ()


def goal(text: str, context: PlanContext) -> tuple[BriefChange, ...]:
    """Read 'goal: repeat rate within 60 days' and '目标60天内复购'."""
    if not re.search(r"\bgoal\b|\baim\b|\btarget\b|目标", text):
        return ()
    metrics = {
        "rpr": r"repeat|second (?:order|purchase)|复购|二次购买|回购", "clv": r"\bclv\b|lifetime|终身价值",
        "aov": r"\baov\b|order value|basket|客单价", "referral_rate": r"referral|推荐|转介绍",
    }  # fmt: skip
    metric = next((name for name, pattern in metrics.items() if re.search(pattern, text)), None)
    days = re.search(rf"({LATIN_NUMBER}|{HAN_NUMBER})\s*(?:days?|天)", text)
    if metric is None:
        return ()
    within = number(days[1]) if days else None
    window = int(within) if within is not None and 7 <= within <= 365 else 90
    return (SetGoal(goal=Goal.model_validate({"metric": metric, "within_days": window})),)


def app(text: str, context: PlanContext) -> tuple[BriefChange, ...]:
    """Read 'the app matters' and 'App 很重要'."""
    if not re.search(r"(?<![a-z])app(?![a-z])|应用", text) or find_channel(text) is not None:
        return ()
    if not re.search(r"matters?|important|priority|重要|重点|优先", text):
        return ()
    return (AppPriority(on=not re.search(r"\bnot?\b|doesn'?t|don'?t|不重要|不优先|不再", text)),)


def move(text: str, context: PlanContext) -> tuple[BriefChange, ...]:
    """Read 'move the referral step to day 60' and '把转介绍挪到第60天'; without a cohort all are meant."""
    template = find_template(text)
    found = re.search(rf"\bday\s*({LATIN_NUMBER})|第?({LATIN_NUMBER}|{HAN_NUMBER})\s*天", text)
    if (
        template is None
        or found is None
        or not re.search(r"\bmove\b|\bshift\b|\bsend\b|挪|移|改到|调到|放到|推迟", text)
    ):
        return ()
    on = number(found[1] or found[2])
    if on is None or not 0 <= on <= 90:
        return ()
    return tuple(MoveStep(step_id=each, day=int(on)) for each in _step_ids(text, template.id))


def remove(text: str, context: PlanContext) -> tuple[BriefChange, ...]:
    """Read 'remove the referral step for VIPs', 'no January mission', '不要折扣'."""
    template = find_template(text)
    if template is None or not REMOVED.search(text):
        return ()
    cohort = find_cohort(_without_template(text, template.id))
    if cohort is None:
        return (ExcludeKind(kind=template.kind),) if not _shares_kind(template.id) else _removed(text, template.id)
    return _removed(text, template.id)


def _removed(text: str, template_id: str) -> tuple[BriefChange, ...]:
    return tuple(RemoveStep(step_id=each) for each in _step_ids(text, template_id))


def rate_in(text: str) -> float | None:
    """Give the one share a phrase names, or none."""
    pattern = (
        rf"百分之(?:{HAN_NUMBER}|\d+)|(?:{LATIN_NUMBER})\s*(?:%|％|percent|per cent)|{HAN_NUMBER}成|\b[a-z]+ percent"
    )
    found = re.search(pattern, text)
    return rate(found[0]) if found else None


def dates_in(text: str, near: date) -> list[date]:
    """Give the dates a phrase names, in its order."""
    month = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
    th = r"\d{1,2}(?:st|nd|rd|th)?"
    pattern = (
        rf"\d{{4}}[-/.年]\d{{1,2}}[-/.月]\d{{1,2}}[日号]?|(?:\d{{1,2}}|{HAN_NUMBER})月(?:\d{{1,2}}|{HAN_NUMBER})[日号]?"
        rf"|\b{th} {month}(?:,? \d{{4}})?|\b{month} {th}(?:,? \d{{4}})?"
    )
    if "tomorrow" in text or "明天" in text:
        return [near + timedelta(days=1)]
    return [found for each in re.finditer(pattern, text) if (found := day(each[0], near)) is not None]


def _step_ids(text: str, template_id: str) -> tuple[str, ...]:
    cohort = find_cohort(_without_template(text, template_id))
    return tuple(f"{each}.{template_id}" for each in (COHORTS if cohort is None else (cohort,)))


def _without_template(text: str, template_id: str) -> str:
    """The phrase without the step's own words, some of which name a cohort as well."""
    return text.replace(template_id, " ").replace("会员邀请", " ").replace("新客引导", " ")


def _shares_kind(template_id: str) -> bool:
    from agent.planning.catalogue import CATALOGUE

    kind = next(template.kind for template in CATALOGUE if template.id == template_id)
    return sum(template.kind == kind for template in CATALOGUE) > 1


def _own(text: str, context: PlanContext) -> Money | None:
    value = number(text)
    return None if value is None else Money.parse(str(value), context.shop.currency)


def _is_money(text: str) -> bool:
    return bool(re.search(r"\bbudget\b|\bmoney\b|预算|钱", text))


def _is_peak(text: str) -> bool:
    return bool(re.search(r"\bpeak\b|black friday|\bbfcm\b|大促|旺季|黑五", text))


READERS: tuple[Reader, ...] = (
    move, remove, holdout, peak, anchor, goal, prioritise, early_access, budget, channel, app,
)  # fmt: skip
"""Tried in this order; the first that understands a phrase takes it."""
