"""How messages were received, in words, in English and Chinese."""

from .columns import lines
from .flow import MessageFlow, PlanFlow
from .lift_text import ReportLanguage

_WORDS: dict[ReportLanguage, dict[str, str]] = {
    "en": {
        "title": "Messages of “{title}”, read on {as_of}.",
        "note": (
            "Diagnostics: they decide nothing. Opens and clicks by software alone stand apart; an order counts within "
            "{days} days after a person's click, whether or not the message caused it."
        ),
        "none": "No message has left yet.",
        "head": "Step|channel|sent|delivered|bounced|opened|by software|clicked|by software|ordered",
    },
    "zh": {
        "title": "“{title}”的消息表现，读取于 {as_of}。",
        "note": (
            "仅供诊断，不作决策依据。仅由软件产生的打开和点击单列；"
            "用户点击后 {days} 天内的订单计入，不论是否由该消息带来。"
        ),
        "none": "尚未发出任何消息。",
        "head": "步骤|渠道|发送|送达|退回|打开|软件打开|点击|软件点击|下单",
    },
}


def render_flow(found: PlanFlow, language: ReportLanguage = "en") -> str:
    """Give the messages as a table in plain text."""
    words = _WORDS[language]
    head = [words["title"].format(title=found.title, as_of=found.as_of.date())]
    if not found.messages:
        return "\n".join([*head, words["none"]])
    rows = [tuple(words["head"].split("|")), *(_row(each) for each in found.messages)]
    return "\n".join([*head, "", *lines(rows), "", words["note"].format(days=found.attribution_days)])


def _row(one: MessageFlow) -> tuple[str, ...]:
    counts = (one.n_delivered, one.n_bounced, one.n_opened, one.n_machine_opened, one.n_clicked, one.n_machine_clicked,
              one.n_ordered)  # fmt: skip
    return (one.step_id, one.channel, f"{one.n_sent:,}", *(f"{n:,} ({one.rate(n):.1%})" for n in counts))
