"""How the thank-you page is set as HTML: on or off, the code's terms, accounts and rewards per market, variants."""

from collections.abc import Mapping
from html import escape
from urllib.parse import urlencode

from api.ui.shell.numbers import country_name, instant, money, percent, whole
from api.ui.shell.parts import empty, status, table, tabs, terms
from api.ui.shell.visible import visible
from api.ui.shell.words import Words
from api.verbs.thanks_preview import markets_of
from memory.domain.market import Shop
from memory.domain.thanks import ShareReward, ThanksSettings, ThanksStanding

NETWORKS = {
    "wechat": "WeChat", "weibo": "Weibo", "xiaohongshu": "Xiaohongshu", "douyin": "Douyin", "tiktok": "TikTok",
    "instagram": "Instagram", "facebook": "Facebook", "youtube": "YouTube", "line": "LINE", "pinterest": "Pinterest",
    "x": "X", "threads": "Threads", "whatsapp": "WhatsApp", "telegram": "Telegram",
}  # fmt: skip
"""What networks call themselves."""


def no_page(words: Words, *, may_set: bool) -> str:
    """Say that nobody set the page up, and how to."""
    steps = "".join(
        f"<li>{escape(words('thanks', 'how', name))}{f'<br><code>{escape(command)}</code>' if command else ''}</li>"
        for name, command in (
            ("write", ""), ("set", "secondorder thanks set thanks.yaml"), ("prepare", "secondorder thanks prepare"),
            ("tag", ""),
        )
    )  # fmt: skip
    who = words("thanks", "how", "you_may" if may_set else "others_may")
    return (
        empty(words("thanks", "none"), words("thanks", "none_more"))
        + f'<section class="so-panel so-steps"><h3>{escape(words("thanks", "how", "title"))}</h3><ol>{steps}</ol>'
        f'<p class="so-soft">{escape(who)}</p></section>'
    )


def render_settings(found: ThanksStanding, shop: Shop, words: Words) -> str:
    """Give the settings: whether it is on, who set it, then its terms, markets and variants."""
    set_up, markets, variants = found.settings, words("thanks", "markets"), words("thanks", "variants")
    return (
        f"{_head(found, shop.zone, words)}{_terms(set_up, words)}"
        f'<section class="so-section"><h3>{escape(markets)}</h3>{_markets(set_up, shop, words)}</section>'
        f'<section class="so-section"><h3>{escape(variants)}</h3>{_variants(set_up, words)}</section>'
    )


def _head(found: ThanksStanding, zone: str, words: Words) -> str:
    language, is_on = words.language, found.settings.is_on
    chip = status(words("thanks", "on" if is_on else "off"), "" if is_on else "stopped")
    said = words("thanks", "set_by").format(by=found.set_by, at=instant(found.set_at, zone, language))
    fresh = (
        words("thanks", "never_prepared")
        if found.prepared_at is None
        else words("thanks", "prepared").format(at=instant(found.prepared_at, zone, language))
    )
    more = words("thanks", "on_more" if is_on else "off_more")
    return f'<p>{chip} {escape(more)}</p><p class="so-soft">{visible(said)} {escape(fresh)}</p>'


def _terms(set_up: ThanksSettings, words: Words) -> str:
    language = words.language
    rows = [
        ("code", *_code(set_up, words)),
        ("sharing", words("thanks", "after_days").format(n=whole(set_up.return_days, language)),
         words("thanks", "sharing_more")),
        ("plain", percent(set_up.plain_rate, language), words("thanks", "plain_more")),
        ("measured", words("thanks", "days").format(n=whole(set_up.measured_days, language)),
         words("thanks", "measured_more")),
    ]  # fmt: skip
    return terms((words("thanks", "terms", name), value, more) for name, value, more in rows)


def _code(set_up: ThanksSettings, words: Words) -> tuple[str, str]:
    code, language = set_up.code, words.language
    if code is None:
        return words("thanks", "no_code"), ""
    off, least = money(code.off, language), money(code.min_spend, language)
    hours = words("thanks", "hours").format(n=whole(code.hours, language))
    return words("thanks", "code_off").format(off=off, least=least), words("thanks", "code_more").format(hours=hours)


def _markets(set_up: ThanksSettings, shop: Shop, words: Words) -> str:
    rows = [
        (escape(country_name(market, words.language)), _accounts(set_up, market, words),
         escape(reward_words(set_up.share.get(market), words)))
        for market in markets_of(shop, set_up)
    ]  # fmt: skip
    heads = [words("thanks", "heads", name) for name in ("market", "accounts", "reward")]
    return table(words("thanks", "markets_about"), heads, rows)


def _accounts(set_up: ThanksSettings, market: str, words: Words) -> str:
    found = set_up.socials.get(market, ())
    if not found:
        return escape(words("thanks", "no_accounts"))
    shown = "<br>".join(
        f'{escape(NETWORKS[one.network])} <a href="{escape(one.url)}" rel="noopener noreferrer">{visible(one.name)}</a>'
        for one in found
    )
    return f'<span class="so-accounts">{shown}</span>'


def reward_words(reward: ShareReward | None, words: Words) -> str:
    """Say what sharing earns in a market."""
    if reward is None:
        return words("thanks", "no_reward")
    if reward.amount is not None:
        return money(reward.amount, words.language)
    return words("thanks", "n_points").format(n=whole(reward.points or 0, words.language))


def _variants(set_up: ThanksSettings, words: Words) -> str:
    rows = [
        (
            f"<code>{visible(one.id)}</code>",
            escape(words("thanks", "comma").join(words("thanks", "parts_of", part) for part in one.parts)),
            escape(words("thanks", "lists", one.goods)),
        )
        for one in set_up.variants
    ]
    heads = [words("thanks", "heads", name) for name in ("variant", "holds", "goods")]
    return table(words("thanks", "variants_about"), heads, rows)


def choices(set_up: ThanksSettings, shop: Shop, asked: Mapping[str, str], words: Words) -> str:
    """Give the markets and variants that the preview can show, each with an address of its own."""
    markets, variants = markets_of(shop, set_up), [one.id for one in set_up.variants]
    open_market, open_variant = asked["market"] or markets[0], asked["variant"] or variants[0]

    def address(**changed: str) -> str:
        return "/ui/thank-you?" + urlencode({name: value for name, value in {**asked, **changed}.items() if value})

    shown = tabs(
        words("thanks", "heads", "market"),
        [(address(market=one), country_name(one, words.language), one == open_market) for one in markets],
    )
    if len(variants) > 1:
        shown += tabs(
            words("thanks", "heads", "variant"), [(address(variant=one), one, one == open_variant) for one in variants]
        )
    return shown
