"""A loyalty programme as HTML: since when, what earns points and how long they stay, what they buy, how to make one."""

from html import escape

from api.ui.shell.numbers import day, instant, money, percent, whole
from api.ui.shell.parts import empty, notice, table, terms
from api.ui.shell.visible import visible
from api.ui.shell.words import Words
from memory.domain.loyalty import EarnRate, LoyaltyProgramme, ProgrammeVersion
from memory.domain.market import Shop
from memory.domain.money import Currency, Money

A_THOUSAND = 1_000
"""Points whose cost is whole minor units: the programme states thousandths per point."""


def no_programme(words: Words, *, may_set: bool) -> str:
    """Say that there is no programme, and how to make one."""
    steps = "".join(
        f"<li>{escape(words('members', 'how', name))}<br><code>{escape(command)}</code></li>"
        for name, command in (
            ("example", "secondorder loyalty example > programme.yaml"),
            ("set", "secondorder loyalty set programme.yaml"),
        )
    )
    who = words("members", "how", "you_may" if may_set else "others_may")
    join = words("members", "how", "join")
    return (
        empty(words("members", "none"), words("members", "none_more"))
        + f'<section class="so-panel so-steps"><h3>{escape(words("members", "how", "title"))}</h3><ol>{steps}'
        f'<li>{escape(join)}</li></ol><p class="so-soft">{escape(who)}</p></section>'
    )


def about(current: ProgrammeVersion, shop: Shop, words: Words) -> str:
    """Say since when the programme is in force and who set it."""
    said = words("members", "since").format(
        day=day(current.programme.starts_on, words.language), zone=shop.zone, by=current.set_by,
        at=instant(current.set_at, shop.zone, words.language),
    )  # fmt: skip
    return f'<p class="so-soft">{visible(said)}</p>'


def coming(version: ProgrammeVersion, words: Words) -> str:
    """Say that another programme starts later."""
    said = words("members", "coming").format(day=day(version.programme.starts_on, words.language), by=version.set_by)
    return notice(visible(said))


def points_rules(programme: LoyaltyProgramme, words: Words, currency: Currency) -> str:
    """Give how points are earned, how long they stay and what they cost."""
    language = words.language
    rate = percent(programme.breakage_rate, language, 0)
    rows = [
        ("earning", ("；" if language == "zh" else "; ").join(_earning(one, words) for one in programme.earn),
         words("members", "rules", "earning_more")),
        ("validity", words("members", "rules", "days").format(n=whole(programme.valid_days, language)),
         words("members", "rules", "validity_more").format(n=whole(programme.warn_days, language))),
        ("cost", words("members", "rules", "cost_of").format(
            n=whole(A_THOUSAND, language),
            sum=money(Money(amount_minor=programme.point_cost_millis, currency=currency), language),
        ), words("members", "rules", "cost_more")),
        ("breakage", rate, words("members", "breakage_label")),
    ]  # fmt: skip
    return terms([(words("members", "rules", name), value, more) for name, value, more in rows])


def _earning(rate: EarnRate, words: Words) -> str:
    per = money(Money(amount_minor=rate.per_minor, currency=rate.currency), words.language)
    if rate.points == 1:
        return words("members", "rules", "per_one").format(per=per)
    return words("members", "rules", "per").format(n=whole(rate.points, words.language), per=per)


def rewards_table(programme: LoyaltyProgramme, words: Words) -> str:
    """Give what points can be redeemed for."""
    if not programme.rewards:
        return f'<p class="so-soft">{escape(words("members", "no_rewards"))}</p>'
    rows = [
        (
            visible(one.id), escape(words("members", "reward_kinds", one.kind)),
            escape(whole(one.points, words.language)),
            escape(money(one.worth, words.language)), visible(one.sku or "–"),
        )
        for one in sorted(programme.rewards, key=lambda one: (one.points, one.id))
    ]  # fmt: skip
    heads = [words("members", "heads", name) for name in ("reward", "kind", "points", "worth", "article")]
    caption = words("members", "rewards_about").format(n=whole(programme.rewards_per_order, words.language))
    return table(caption, heads, rows, numbers=frozenset({2, 3}))
