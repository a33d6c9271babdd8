"""One decision in words, in English and Chinese: what was chosen stands first, what was rejected names its reason."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from memory.domain.money import Money

from .decision_record import ChannelOption, DecisionRecord, TimeOption
from .lift_text import ReportLanguage

_WORDS: dict[ReportLanguage, dict[str, str]] = {
    "en": {
        "title": "Decision {id}",
        "head": "Decided in the slot {slot} for {person} ({cohort}, {arm}); guardrails {guardrails}.",
        "control": "Withheld at random, so that the effect can be measured: nothing was considered.",
        "channel": "Channel", "time": "Time ({zone})", "subject": "Subject line", "copy": "Copy",
        "none": "send nothing", "with": "with offer {offer}", "chance": "chance {share}",
        "figures": "worth {value}, costs {cost}", "open_hours": "{n} later hours were open and not needed",
        "state": "The message: {state}{reason}.", "no_message": "No message was made.",
        "comma": ", ", "chosen": "chosen", "rejected": "rejected",
    },
    "zh": {
        "title": "决策 {id}",
        "head": "在时段 {slot} 为 {person}（{cohort}，{arm}）做出；护栏版本 {guardrails}。",
        "control": "随机留出以衡量效果：未考虑任何选项。",
        "channel": "渠道", "time": "时间（{zone}）", "subject": "主题行", "copy": "文案",
        "none": "不发送", "with": "附优惠 {offer}", "chance": "概率 {share}",
        "figures": "价值 {value}，成本 {cost}", "open_hours": "之后 {n} 个小时也可发送，但不需要",
        "state": "消息状态：{state}{reason}。", "no_message": "没有生成消息。",
        "comma": "，", "chosen": "选中", "rejected": "未选",
    },
}  # fmt: skip
REASONS: dict[ReportLanguage, dict[str, str]] = {
    "en": {
        "best_value": "worth most after its cost", "explored": "left to chance, so that effects can be learned",
        "guardrail": "a guardrail blocked every channel", "no_value": "nothing was worth its cost",
        "budget": "the budget was used up", "offer_used_up": "the offer was used up", "control": "withheld at random",
        "withheld": "withheld at random from this journey or step",
        "not_chosen": "another option was chosen", "not_drawn": "another line was drawn",
        "hour_not_drawn": "open, but another hour was drawn",
        "nothing_sent": "nothing was sent", "no_subject_on_channel": "the channel shows no subject",
        "other_language": "not the person's language", "quiet_hours": "quiet hours", "legal_hours": "legal hours",
        "closed_weekday": "closed on this weekday by law", "public_holiday": "public holiday",
        "later_than_needed": "open, but later than needed", "channel_not_chosen": "the channel was not chosen",
        "no_opening_in_time": "no opening in time",
        "other_channel_preferred": "the person asked for another channel",
        "preferred_channel": "the person asked for another channel after this was decided",
        "consent": "no consent on this channel", "suppression": "the address must not be contacted",
        "frequency_cap": "the frequency cap is full", "recent_buyer": "bought too short a while ago for promotion",
        "promo_ratio": "too much promotion so far", "no_goods": "no goods to show",
        "discount_ceiling": "above the discount ceiling", "price_floor": "below the price floor",
        "margin_floor": "below the margin floor", "languages": "the language is not allowed",
        "channels": "the channel is shut", "message_class": "the class does not fit",
        "holdout": "not in the treated arm", "lane_slip": "the person's parcel is late: it waits until that is there",
    },
    "zh": {
        "best_value": "扣除成本后价值最高", "explored": "随机探索，以便学习效果",
        "guardrail": "所有渠道均被护栏拦截", "no_value": "没有值得其成本的选项",
        "budget": "预算已用完", "offer_used_up": "优惠已用完", "control": "随机留出",
        "withheld": "被此旅程或步骤随机留出",
        "not_chosen": "选择了其他选项", "not_drawn": "抽到了另一条",
        "hour_not_drawn": "可发送，但抽到了另一时段",
        "nothing_sent": "没有发送", "no_subject_on_channel": "该渠道不显示主题",
        "other_language": "不是此人的语言", "quiet_hours": "免打扰时段", "legal_hours": "法定时段",
        "closed_weekday": "法律规定该星期几不可发送", "public_holiday": "公共假日",
        "later_than_needed": "可发送，但比需要的晚", "channel_not_chosen": "未选择该渠道",
        "no_opening_in_time": "期限内没有可发送时段", "other_channel_preferred": "此人要求用另一渠道",
        "preferred_channel": "决定之后此人要求改用另一渠道",
        "consent": "该渠道没有许可", "suppression": "该地址不得联系", "frequency_cap": "已达频次上限",
        "recent_buyer": "刚购买不久，不宜促销", "promo_ratio": "促销占比已过高", "no_goods": "没有可展示的商品",
        "discount_ceiling": "超过折扣上限", "price_floor": "低于价格下限", "margin_floor": "低于毛利下限",
        "languages": "不允许该语言", "channels": "该渠道已关闭", "message_class": "消息类别不符",
        "holdout": "不在实验组", "lane_slip": "此人的包裹延误，等送达后再发",
    },
}  # fmt: skip

_WEEKDAYS = {
    "Mon": "周一", "Tue": "周二", "Wed": "周三", "Thu": "周四", "Fri": "周五", "Sat": "周六", "Sun": "周日",
}  # fmt: skip
_STATES = {
    "planned": "已计划", "claimed": "已领取", "sent": "已发送", "suppressed": "已拦截",
    "failed": "失败", "unknown": "未知",
}  # fmt: skip
_ARMS = {"treated": "实验组", "control": "对照组", "withheld": "此旅程或步骤的留出组"}


def render_decision(record: DecisionRecord, language: ReportLanguage = "en") -> str:
    """Give the decision as plain text."""
    words = _WORDS[language]
    lines = [
        words["title"].format(id=record.decision_id),
        words["head"].format(
            slot=f"{record.slot_at:%Y-%m-%d %H:%M}Z",
            person=record.person_id,
            cohort=record.cohort,
            arm=_code(record.arm, _ARMS, language),
            guardrails=record.guardrail_version[:12],
        ),
    ]
    if record.arm != "treated":
        return "\n".join([*lines, words["control"]])
    channels = [
        _line(_channel(one, record, language), one.is_chosen, one.reasons, language)
        for one in sorted(record.channels, key=lambda one: not one.is_chosen)
    ]
    subjects = [_line(one.words, one.is_chosen, one.reasons, language) for one in record.subjects]
    copies = [_line(f"{one.template} {one.language}", one.is_chosen, one.reasons, language) for one in record.copies]
    text = [f"    | {line}" for one in record.copies if one.text for line in one.text.splitlines()]
    lines += [f"{words['channel']}:", *channels]
    lines += [f"{words['time'].format(zone=record.zone)}:", *_times(record.times, language)]
    lines += [f"{words['subject']}:", *subjects, f"{words['copy']}:", *copies, *text]
    reason = f" ({say_reason(record.state_reason, language)})" if record.state_reason else ""
    said = (
        words["state"].format(state=_code(record.state, _STATES, language), reason=reason)
        if record.state
        else words["no_message"]
    )
    return "\n".join([*lines, said])


def _channel(one: ChannelOption, record: DecisionRecord, language: ReportLanguage) -> str:
    words = _WORDS[language]
    parts = [words["none"] if one.channel == "none" else one.channel]
    if one.offer_id:
        parts.append(words["with"].format(offer=one.offer_id))
    if one.channel != "none":
        value, cost = (
            str(Money(amount_minor=round(millis / 1000), currency=record.currency))
            for millis in (one.value_millis, one.cost_millis)
        )
        parts.append(words["figures"].format(value=value, cost=cost))
    parts.append(words["chance"].format(share=f"{one.propensity:.1%}"))
    return words["comma"].join(parts)


def _times(times: Sequence[TimeOption], language: ReportLanguage) -> Iterable[str]:
    """Give the chosen instant, then the refused ones of a channel in runs of one reason."""
    chosen = [one for one in times if one.is_chosen]
    yield from (_line(_drawn(one, language), True, (), language) for one in chosen)
    rest = [one for one in times if not one.is_chosen]
    for (channel, reasons), run in groupby(rest, key=lambda one: (one.channel, one.reasons)):
        kept = list(run)
        first, last = _hour(kept[0].local, language), _hour(kept[-1].local, language)
        span = first if len(kept) == 1 else f"{first} – {last}"
        yield _line(f"{channel} {span}", False, reasons, language)


def _drawn(one: TimeOption, language: ReportLanguage) -> str:
    words, what = _WORDS[language], f"{one.channel} {_hour(one.local, language)}"
    if one.propensity is None:
        return what
    return f"{what}{words['comma']}{words['chance'].format(share=f'{one.propensity:.1%}')}"


def _line(what: str, is_chosen: bool, reasons: Sequence[str], language: ReportLanguage) -> str:
    words = _WORDS[language]
    mark = f"  [{words['chosen'] if is_chosen else words['rejected']}] "
    why = f" – {words['comma'].join(say_reason(reason, language) for reason in reasons)}" if reasons else ""
    return f"{mark}{what}{why}"


def _hour(local: str, language: ReportLanguage) -> str:
    """Give weekday and minute, such as `Mon 09:00`, in the language."""
    day, _, clock = local.partition(" ")
    return f"{_code(day, _WEEKDAYS, language)} {clock}"


def _code(code: str, words: dict[str, str], language: ReportLanguage) -> str:
    return words.get(code, code) if language == "zh" else code


def say_reason(code: str, language: ReportLanguage) -> str:
    """Say a reason in words; one that has none stays its code."""
    return REASONS[language].get(code, code.replace("_", " "))
