"""The words of the look-back page in English and Chinese."""

from typing import Literal

PageLanguage = Literal["en", "zh"]

WORDS: dict[str, tuple[str, str]] = {
    "title": ("Look back: {peak}", "大促复盘：{peak}"),
    "headline": (
        "{n_new} people bought for the first time. {n_never} of them have not come back.",
        "{n_new}位新客首次下单，其中{n_never}位至今没有回来。",
    ),
    "sub": ("{shop}, orders known until {until}", "{shop} · 订单数据截至{until}"),
    "tile_new": ("new buyers", "新客"),
    "tile_new_note": ("of {n_buyers} buyers in the peak", "大促共{n_buyers}位买家"),
    "tile_back": ("came back within {days} days", "{days}天内复购"),
    "tile_back_note": ("{n} of {of}; 95 % interval {low} to {high}", "{of}人中{n}人；95%区间{low}至{high}"),
    "tile_never": ("have not come back", "至今未复购"),
    "tile_never_note": ("{share} of the new buyers, until {until}", "占新客{share}（截至{until}）"),
    "tile_window": ("80 % of second orders had come", "80%的二单已经发生"),
    "tile_window_value": ("by day {day}", "第{day}天前"),
    "tile_window_note": ("half had come by day {half}", "一半在第{half}天前发生"),
    "window": ("When the second-order window closed", "二单窗口何时关闭"),
    "window_text": (
        "Of those who ordered again within {days} days, half did by day {half} and four fifths by day {day}. "
        "After that only one in five of these second orders was still to come.",
        "在{days}天内复购的新客中，一半在第{half}天前、八成在第{day}天前下了第二单；此后只剩两成二单尚未发生。",
    ),
    "window_x": ("days after the first purchase", "首单后天数"),
    "window_y": ("new buyers back", "已复购新客占比"),
    "window_mark": ("80 % by day {day}", "第{day}天：80%"),
    "curve": ("How many reached the second to fifth order", "有多少人走到第2至第5单"),
    "curve_text": (
        "So far; people who still have time count as not there yet. "
        "The step from the first to the second order is where most are lost.",
        "截至目前；尚有时间复购的人暂计为未到达。流失最多的一步是从首单到二单。",
    ),
    "curve_text_plain": (
        "So far; people who still have time count as not there yet.",
        "截至目前；尚有时间复购的人暂计为未到达。",
    ),
    "order": ("order {n}", "第{n}单"),
    "people": ("{n} people", "{n}人"),
    "money": ("What it was worth", "价值几何"),
    "money_text": (
        "New buyers brought {first} on their first day and {later} later. Every percentage point more of them "
        "coming back would have been worth about {point}, if they bought like those who did. "
        "This is arithmetic on the past and no forecast.",
        "新客首日带来{first}，之后带来{later}。若复购的新客多1个百分点，且消费与已复购者相同，约值{point}。"
        "这是对过去的算术，不是预测。",
    ),
    "money_text_none": (
        "New buyers brought {first} on their first day and nothing later.",
        "新客首日带来{first}，之后再无消费。",
    ),
    "costs": ("What winning the second order cost beside the first", "赢得二单与首单的花费对比"),
    "costs_first": ("first order (CAC)", "首单（获客成本）"),
    "costs_second": ("second order", "二单"),
    "costs_text": (
        "Spend from the ledger, {from_on} to {until_on}, over all results in these days: averages, not what one more "
        "would cost. Own ratio {ratio}; the often-quoted one fifth is an assumption without a source.",
        "账本中{from_on}至{until_on}的花费除以同期全部结果：是平均值，不是再多赢得一单的成本。"
        "本店比值{ratio}；常被引用的“五分之一”是没有出处的假设。",
    ),
    "costs_none": (
        "Not estimable: the spend ledger lacks what was spent before or after the purchase in these days. "
        "Add it with `secondorder import spend FILE`.",
        "无法估计：花费账本缺少这段时间售前或售后的支出。请用 `secondorder import spend FILE` 导入。",
    ),
    "costs_no_results": (
        "Not estimable: no second order came in these days.",
        "无法估计：这段时间没有二单。",
    ),
    "markets": ("Which markets breed repeat buyers", "哪些市场带来回头客"),
    "products": ("Which first products breed repeat buyers", "哪些首购商品带来回头客"),
    "categories": ("Which first categories breed repeat buyers", "哪些首购品类带来回头客"),
    "breeds_text": (
        "Share back within {days} days with its 95 % interval. Where the bar crosses the dashed line, the difference "
        "may be chance. {hidden} smaller groups (under {least} people) are not shown.",
        "{days}天内复购占比及95%区间；横条越过虚线者，差异可能只是偶然。另有{hidden}个不足{least}人的小组未显示。",
    ),
    "breeds_none": (
        "No group has {least} new buyers; smaller ones are not shown.",
        "没有达到{least}位新客的分组；更小的分组不显示。",
    ),
    "breeds_rest": ("The {n} groups with the highest shares of {of}.", "显示占比最高的{n}组（共{of}组）。"),
    "everyone": ("all {share}", "全部 {share}"),
    "open": ("The follow-up of {days} days is still open.", "{days}天的观察期尚未结束。"),
    "too_soon": (
        "Too soon to say: the peak has only just ended.",
        "为时尚早：大促刚刚结束。",
    ),
    "nobody_back": ("Nobody has come back yet.", "还没有人复购。"),
    "rules": ("How this was counted", "计算口径"),
    "rules_text": (
        "A new buyer's first purchase fell into the peak. Coming back means an order on a later day of the shop. "
        "Cancelled, unpaid and fully refunded orders do not count; sums are goods after discount and refunds, "
        "without tax and shipping. Nothing here says why people came back: only a control group can.",
        "新客指首次购买落在大促期内的人；复购指在之后的日期（按店铺时区）再次下单。取消、未付款和全额退款的订单不计；"
        "金额为折扣与退款后的商品金额，不含税费和运费。本页不说明复购的原因：只有对照组能回答。",
    ),
}


def word(key: str, language: PageLanguage, **values: object) -> str:
    """Give a phrase with its `{names}` filled in."""
    return WORDS[key][0 if language == "en" else 1].format_map({name: str(value) for name, value in values.items()})
