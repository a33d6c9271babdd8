"""The three questions of the self-audit, filled in from data where there are data (S1-45, S1-46, S1-47)."""

from collections.abc import Mapping

from .audit import FINDING_RATE, AuditItem

NEEDS = {
    "rpr": "orders of known customers (`secondorder import shopify-orders`)",
    "clv": "orders of known customers (`secondorder import shopify-orders`)",
    "referral_rate": "orders marked as referred (`secondorder import shopify-orders`)",
    "flow_performance": "mail opens and clicks (`secondorder import events`)",
}
"""The four post-purchase metrics and the input each needs."""


def audit_items(
    post_share: float | None, effort_share: float | None, hours: float, computable: Mapping[str, bool]
) -> tuple[AuditItem, ...]:
    """Give the three items; an answer is empty where only a person can give it."""
    return (_split(post_share), _focus(effort_share, hours), _metrics(computable))


def _split(share: float | None) -> AuditItem:
    question = {
        "en": "What share of the budget goes to acquisition, what share to retention and loyalty? Is that reasonable?",
        "zh": "预算中获客与留存忠诚各占多少？是否合理？",
    }
    if share is None:
        return AuditItem(id="budget_split", question=question, missing=("spend (`secondorder import spend`)",))
    above = 1.0 - share > FINDING_RATE
    return AuditItem(
        id="budget_split",
        question=question,
        answer={
            "en": f"{1 - share:.1%} acquisition, {share:.1%} after the purchase; that is "
            f"{'above' if above else 'not above'} the {FINDING_RATE:.0%} commonly found.",
            "zh": f"获客{1 - share:.1%}，购后{share:.1%}；{'高于' if above else '不高于'}常见的{FINDING_RATE:.0%}。",
        },
    )


def _focus(share: float | None, hours: float) -> AuditItem:
    question = {
        "en": "What does the team work on every day: advertising or the experience after the purchase?",
        "zh": "团队日常精力放在投广告上，还是购后体验上？",
    }
    if share is None:
        return AuditItem(id="team_focus", question=question, missing=("effort_hours in the spend file",))
    return AuditItem(
        id="team_focus",
        question=question,
        answer={
            "en": f"{share:.1%} of {hours:.0f} recorded hours went into the time after the purchase.",
            "zh": f"记录的{hours:.0f}小时中，{share:.1%}用于购后。",
        },
    )


def _metrics(computable: Mapping[str, bool]) -> AuditItem:
    question = {
        "en": "Are repeat rate, customer value, referral rate and flow performance tracked systematically?",
        "zh": "是否系统追踪复购率、客户终身价值、推荐率和流程表现？",
    }
    found = [name for name in NEEDS if computable.get(name)]
    missing = tuple(f"{name}: {NEEDS[name]}" for name in NEEDS if not computable.get(name))
    return AuditItem(
        id="metrics_tracked",
        question=question,
        answer={
            "en": f"{len(found)} of 4 can be computed from the connected data: {', '.join(found) or 'none'}.",
            "zh": f"现有数据可计算4项中的{len(found)}项：{'、'.join(found) or '无'}。",
        },
        missing=missing,
    )
