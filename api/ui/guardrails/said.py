"""Each limit in words, with its value and unit."""

from collections.abc import Callable

from api.ui.shell.numbers import language_name, money, percent, whole
from api.ui.shell.words import Words
from memory.domain.guardrails import Guardrails, NewGoods
from memory.domain.release import ReleaseRule


def said(limits: Guardrails, name: str, words: Words) -> str:
    """Say one field of the guardrails."""
    return SAID[name](limits, words)


def clock(minute: int) -> str:
    """Give a minute of the day as a clock shows it."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _rate(rate: float, words: Words) -> str:
    short = percent(rate, words.language, 0)
    return short if abs(round(rate * 100) - rate * 100) < 1e-9 else percent(rate, words.language, 1)


def _sentence(words: Words, sentence: str, /, **given: str) -> str:
    return words("guardrails", "said", sentence).format(**given)


def _share(limits: Guardrails, words: Words) -> str:
    share = limits.budget_share
    basis = (
        _sentence(words, "ledger")
        if share.period_budget is None
        else _sentence(words, "period_budget", sum=money(share.period_budget, words.language, is_short=True))
    )
    steps = _sentence(words, "path", n=str(len(share.path))) if share.path else _sentence(words, "no_path")
    return _sentence(
        words, "budget_share", low=_rate(share.band_min_rate, words), high=_rate(share.band_max_rate, words),
        step=_rate(share.max_step_rate, words), days=str(share.step_days), steps=steps, basis=basis,
    )  # fmt: skip


def _ceilings(limits: Guardrails, words: Words) -> str:
    parts = [f"{words('cohorts', cohort)} {_rate(rate, words)}" for cohort, rate in limits.discount_ceiling.items()]
    return _sentence(words, "comma").join(parts) or _sentence(words, "no_discount")


def _caps(limits: Guardrails, words: Words) -> str:
    parts = [
        _sentence(
            words, "cap", name=words.known("classes", cap.message_class, otherwise="service"),
            n=whole(cap.max_messages, words.language), days=str(cap.window_days),
        )
        for cap in limits.frequency_caps
    ]  # fmt: skip
    return _sentence(words, "comma").join(parts) or _sentence(words, "no_caps")


def _release(limits: Guardrails, words: Words) -> str:
    rule = limits.release or ReleaseRule()
    stages = _sentence(words, "comma").join(
        _sentence(words, "stage", share=_rate(stage.share_rate, words), hours=str(stage.wait_hours))
        for stage in rule.stages
    )
    return _sentence(
        words, "release", stages=stages, failure=_rate(rule.max_failure_rate, words),
        bounce=_rate(rule.max_bounce_rate, words), complaint=_rate(rule.max_complaint_rate, words),
        unsubscribe=_rate(rule.max_unsubscribe_rate, words), n=whole(rule.min_messages, words.language),
    )  # fmt: skip


def _new_goods(limits: Guardrails, words: Words) -> str:
    rule = limits.new_goods or NewGoods()
    said = _sentence(words, "new_goods", rate=_rate(rule.min_affinity_rate, words))
    if rule.all_until is None:
        return said
    return _sentence(words, "comma").join((said, _sentence(words, "new_goods_all", day=rule.all_until.isoformat())))


def _hours(limits: Guardrails, words: Words) -> str:
    n = len(limits.legal_hours)
    return _sentence(words, "legal_hours", n=str(n)) if n else _sentence(words, "no_legal_hours")


def _names(given: list[str], words: Words) -> str:
    return _sentence(words, "comma").join(given) or _sentence(words, "none")


SAID: dict[str, Callable[[Guardrails, Words], str]] = {
    "budget_share": _share,
    "plan_budget": lambda limits, words: _sentence(
        words, "plan_budget", sum=money(limits.plan_budget, words.language, is_short=True)
    ),
    "worst_case_rate": lambda limits, words: _sentence(
        words, "worst_case_rate", rate=_rate(limits.worst_case_rate, words)
    ),
    "min_price_ratio": lambda limits, words: _sentence(
        words, "min_price_ratio", rate=_rate(limits.min_price_ratio, words)
    ),
    "min_margin_rate": lambda limits, words: _sentence(
        words, "min_margin_rate", rate=_rate(limits.min_margin_rate, words)
    ),
    "discount_ceiling": _ceilings,
    "frequency_caps": _caps,
    "recent_buyer_days": lambda limits, words: _sentence(words, "recent_buyer_days", n=str(limits.recent_buyer_days)),
    "quiet_hours": lambda limits, words: _sentence(
        words, "quiet_hours", opens=clock(limits.quiet_hours.opens_minute),
        closes=clock(limits.quiet_hours.closes_minute),
    ),
    "legal_hours": _hours,
    "min_holdout_rate": lambda limits, words: _sentence(
        words, "min_holdout_rate", rate=_rate(limits.min_holdout_rate, words)
    ),
    "max_promo_share": lambda limits, words: _sentence(
        words, "max_promo_share", rate=_rate(limits.max_promo_share, words)
    ),
    "languages": lambda limits, words: _names([language_name(one, words.language) for one in limits.languages], words),
    "channels": lambda limits, words: _names([words("channels", one) for one in limits.channels], words),
    "link_domains": lambda limits, words: (
        _names(list(limits.link_domains), words) if limits.link_domains else _sentence(words, "own_host")
    ),
    "max_reach": lambda limits, words: _sentence(words, "max_reach", n=whole(limits.max_reach, words.language)),
    "approval_valid_days": lambda limits, words: _sentence(
        words, "approval_valid_days", n=str(limits.approval_valid_days)
    ),
    "new_goods": _new_goods,
    "release": _release,
}  # fmt: skip
"""How each field is said; a test holds it to the fields of `Guardrails`."""
