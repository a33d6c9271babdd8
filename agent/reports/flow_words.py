"""How messages were received, in words, in English and Chinese; narrow enough for a terminal of 80 columns."""

from collections.abc import Iterator, Sequence

from .columns import lines
from .flow import MessageFlow, PlanFlow
from .flow_targets import TargetRead
from .lift_text import COHORTS, ReportLanguage

_WORDS: dict[ReportLanguage, dict[str, str]] = {
    "en": {
        "title": "Messages of “{title}”, read on {as_of}.",
        "note": (
            "Diagnostics: they decide nothing. Shares are of the messages that left; “bots” are opens and clicks by "
            "software alone. An order counts within {days} days after a person's click, whether or not the message "
            "caused it."
        ),
        "arrived": "Providers said that {n_delivered} arrived and {n_bounced} came back.",
        "unsaid": "No provider said what arrived.",
        "none": "No message has left yet.",
        "head": "Step|via|sent|opened|bots|clicked|bots|ordered",
        "targets": "Targets, set by the team; whether one is met decides nothing.",
        "targets_head": "Step|via|counted|target|so far|met|set on",
        "open": "opened",
        "click": "clicked",
        "conversion": "ordered",
        "met": "yes",
        "missed": "no",
        "unsent": "not sent yet",
    },
    "zh": {
        "title": "“{title}”的消息表现，读取于 {as_of}。",
        "note": (
            "仅供诊断，不作决策依据。比例以已发出的消息为准；“软件”为仅由软件产生的打开和点击。"
            "用户点击后 {days} 天内的订单计入，不论是否由该消息带来。"
        ),
        "arrived": "服务商报告送达 {n_delivered} 条，退回 {n_bounced} 条。",
        "unsaid": "没有服务商报告送达情况。",
        "none": "尚未发出任何消息。",
        "head": "步骤|渠道|发送|打开|软件|点击|软件|下单",
        "targets": "团队设定的目标；是否达到不作决策依据。",
        "targets_head": "步骤|渠道|指标|目标|目前|达到|设定于",
        "open": "打开",
        "click": "点击",
        "conversion": "下单",
        "met": "是",
        "missed": "否",
        "unsent": "尚未发出",
    },
}


def render_flow(found: PlanFlow, language: ReportLanguage = "en") -> str:
    """Give the messages as a table in plain text, under the cohort whose steps they are."""
    words = _WORDS[language]
    title = words["title"].format(title=found.title, as_of=found.as_of.date())
    if not found.messages:
        return "\n".join([title, words["none"], *_targets(found, language)])
    head, *rows = lines([tuple(words["head"].split("|")), *(_row(each) for each in found.messages)])
    text = [title, "", head, *_under_cohorts(found.messages, rows, language)]
    sums = {name: sum(getattr(each, name) for each in found.messages) for name in ("n_delivered", "n_bounced")}
    said = {name: f"{n:,}" for name, n in sums.items()}
    arrived = words["arrived" if any(sums.values()) else "unsaid"].format(**said)
    return "\n".join(
        [*text, *_targets(found, language), "", arrived, words["note"].format(days=found.attribution_days)]
    )


def flow_table(found: PlanFlow, language: ReportLanguage = "en") -> tuple[list[str], list[tuple[str, ...]]]:
    """Give the names of the columns and a row per step and channel, the step with its cohort."""
    rows = [
        (f"{COHORTS[language].get(one.cohort, one.cohort)}: {first}", *rest)
        for one, (first, *rest) in ((each, _row(each)) for each in found.messages)
    ]
    return _WORDS[language]["head"].split("|"), rows


def flow_note(found: PlanFlow, language: ReportLanguage = "en") -> str:
    """Say how the table is read, and that it decides nothing."""
    return _WORDS[language]["note"].format(days=found.attribution_days)


def _targets(found: PlanFlow, language: ReportLanguage) -> list[str]:
    words = _WORDS[language]
    if not found.targets:
        return []
    head, *rows = lines([tuple(words["targets_head"].split("|")), *(_target(one, words) for one in found.targets)])
    return ["", words["targets"], head, *_under_cohorts(found.targets, rows, language)]


def _under_cohorts(
    items: Sequence[MessageFlow | TargetRead], rows: Sequence[str], language: ReportLanguage
) -> Iterator[str]:
    """Give the rows with each cohort's name before its first."""
    cohort = None
    for one, row in zip(items, rows, strict=True):
        if one.cohort != cohort:
            cohort = one.cohort
            yield COHORTS[language].get(cohort, cohort)
        yield row


def _target(one: TargetRead, words: dict[str, str]) -> tuple[str, ...]:
    step = one.step_id.removeprefix(f"{one.cohort}.")
    so_far, met = (words["unsent"], "") if one.actual_rate is None else (
        f"{one.actual_rate:.1%}", words["met" if one.is_met else "missed"],
    )  # fmt: skip
    return (step, one.channel, words[one.metric], f"{one.target_rate:.1%}", so_far, met, f"{one.set_at.date()}")


def _row(one: MessageFlow) -> tuple[str, ...]:
    step = one.step_id.removeprefix(f"{one.cohort}.")
    counts = (one.n_opened, one.n_machine_opened, one.n_clicked, one.n_machine_clicked, one.n_ordered)
    return (step, one.channel, f"{one.n_sent:,}", *(f"{one.rate(n):.1%}" for n in counts))
