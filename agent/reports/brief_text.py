"""Words of the one-page brief, in English and Chinese."""

from .lift_text import ReportLanguage

TEXT: dict[ReportLanguage, dict[str, str]] = {
    "en": {
        "title": "Brief: {title}",
        "when": "Orders from {starts} to {ends}, read on {on}.",
        "gained": "What it gained",
        "gained_text": "{margin} of margin that would not have come without the plan (95 % interval {low} to {high}), "
        "from {points} percentage points more people who ordered again.",
        "gained_none": "No figure for money: {why}",
        "spent": "What it cost",
        "spent_text": "{cost}: {sends} for sending, {incentives} for incentives {how}.",
        "seen": "as orders show them", "expected": "partly expected, because orders do not show every use",
        "return": "Return",
        "return_text": "Each unit of cost brought {roi} units of margin (95 % interval {low} to {high}); "
        "{net} are left after cost.",
        "return_none": "No return can be given: {why}",
        "certain": "How certain",
        "certain_final": "{n} people who could be messaged were compared with {m} who were withheld by lot, "
        "and the window is over.",
        "certain_open": "{n} people who could be messaged are compared with {m} who were withheld by lot. The window "
        "is open until {on}; the intervals hold although we look before the end.",
        "clear": "The difference is larger than chance explains.",
        "chance": "The difference lies within what chance alone brings.",
        "next": "Next step",
        "why": "Why the mail tool shows more",
        "why_nothing": "No orders after opens or clicks are known, so there is nothing of the mail tool's to explain.",
        "why_text": "A mail tool would claim {claimed} ({n} orders): everything bought within {days} days of an open "
        "or click. But of the people who got nothing, {rate} ordered again by themselves; such orders are in the "
        "tool's figure and not in ours. Opens by software ({machine}) count there as well.",
    },
    "zh": {
        "title": "简报：{title}",
        "when": "统计 {starts} 至 {ends} 的订单，读取于 {on}。",
        "gained": "带来了什么",
        "gained_text": "没有该计划就不会有的毛利 {margin}（95% 区间 {low} 至 {high}），"
        "来自复购人数占比的变化 {points} 个百分点。",
        "gained_none": "暂无金额：{why}",
        "spent": "花了多少",
        "spent_text": "{cost}：发送 {sends}，激励 {incentives}，{how}。",
        "seen": "激励以订单所示为准", "expected": "部分激励为预计值，因为订单不能显示每次使用",
        "return": "回报",
        "return_text": "每 1 份成本带来 {roi} 份毛利（95% 区间 {low} 至 {high}）；扣除成本后余 {net}。",
        "return_none": "无法给出回报：{why}",
        "certain": "有多确定",
        "certain_final": "{n} 位可收到消息的客户与 {m} 位随机留出的客户相比，观察期已结束。",
        "certain_open": "{n} 位可收到消息的客户与 {m} 位随机留出的客户相比。"
        "观察期到 {on} 为止；提前查看时区间仍然成立。",
        "clear": "差异大于偶然可以解释的程度。",
        "chance": "差异仍在偶然的范围之内。",
        "next": "下一步",
        "why": "为什么邮件工具的数字更大",
        "why_nothing": "没有打开或点击之后的订单，邮件工具没有可解释的数字。",
        "why_text": "邮件工具会把打开或点击后 {days} 天内的所有订单都算作自己的：{claimed}（{n} 笔）。"
        "但什么都没收到的客户中，也有 {rate} 自己再次下单；这些订单在工具的数字里，不在我们的数字里。"
        "软件的打开（{machine} 次）在那里同样计入。",
    },
}  # fmt: skip
NEXT: dict[ReportLanguage, dict[str, str]] = {
    "en": {
        "fix": "Find out why withheld people were reached or the arms have the wrong size, before any figure is used.",
        "wait": "Let it run; decide about {on}.",
        "paid": "Repeat it: it brought more than it cost, and that is beyond chance.",
        "lost": "Do not repeat it as it is: it cost more than it brought, and that is beyond chance.",
        "unclear": "Undecided: it may have paid or not. Repeat it with a larger control group or lower cost.",
        "unpaid": "More people ordered again, but costs of goods are missing: import them to see whether it paid.",
    },
    "zh": {
        "fix": "先查明对照组为何被触达或两组人数为何不符，再使用任何数字。",
        "wait": "继续运行，约 {on} 再作决定。",
        "paid": "可以再做：带来的多于花费，且超出偶然。",
        "lost": "不要照原样再做：花费多于带来的，且超出偶然。",
        "unclear": "尚无定论：可能赚也可能亏。请加大对照组或降低成本后再做一次。",
        "unpaid": "复购的人更多了，但缺少商品成本：导入成本才能看出是否划算。",
    },
}
