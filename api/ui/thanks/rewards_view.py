"""What recommendations earned as HTML: what is owed and what waits, then each recommendation by pseudonym."""

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from api.ui.shell.numbers import country_name, instant, money, whole
from api.ui.shell.parts import Figure, empty, figures, notice, status, table
from api.ui.shell.visible import visible
from api.ui.shell.words import Words
from api.verbs.thanks_reports import REWARDED_DAYS, RewardTotal, ShareRow
from memory.domain.thanks import ThanksSettings

N_SHOWN = 50
KINDS = {"earned": "", "waiting": "waiting", "clawed_back": "rejected", "blocked": "stopped"}


def render_rewards(
    rows: Sequence[ShareRow], totals: Sequence[RewardTotal], set_up: ThanksSettings, words: Words, zone: str
) -> str:
    """Give sums by status, then the newest recommendations; paying out stays with the shop."""
    about = words("thanks", "rewards_about").format(
        days=whole(REWARDED_DAYS, words.language), wait=whole(set_up.return_days, words.language)
    )
    lead = f'<p class="so-soft">{escape(about)}</p>'
    if not rows:
        return lead + empty(words("thanks", "no_rewards"), words("thanks", "no_rewards_more"))
    newest = sorted(rows, key=lambda one: one.ordered_at, reverse=True)[:N_SHOWN]
    heads = [
        words("thanks", "heads", name)
        for name in ("referrer", "friend", "market", "reward", "status", "ordered", "from")
    ]
    caption = words("thanks", "newest").format(
        n=whole(len(newest), words.language), all=whole(len(rows), words.language)
    )
    shown = table(caption, heads, [_row(one, words, zone) for one in newest])
    rest = words("thanks", "all_rewards")
    more = (
        f'<p class="so-soft">{escape(rest)} <code>secondorder thanks rewards</code></p>' if len(rows) > N_SHOWN else ""
    )
    pays = notice(escape(words("thanks", "shop_pays")))
    return f'{lead}{figures(_tile(one, words) for one in totals)}<div class="so-below">{pays}{shown}</div>{more}'


def _tile(one: RewardTotal, words: Words) -> Figure:
    friends = words("thanks", "n_friends").format(n=whole(one.n_friends, words.language))
    if one.status not in ("earned", "waiting"):
        n_friends = whole(one.n_friends, words.language)
        return Figure(words("thanks", "statuses", one.status), n_friends, words("thanks", "friends"))
    sums = [money(amount, words.language) for amount in one.amounts]
    if one.points:
        sums.append(words("thanks", "n_points").format(n=whole(one.points, words.language)))
    return Figure(words("thanks", "statuses", one.status), " + ".join(sums) or "–", friends)


def _row(one: ShareRow, words: Words, zone: str) -> tuple[str, ...]:
    language = words.language
    what = "–"
    if one.amount is not None:
        what = money(one.amount, language)
    elif one.points is not None:
        what = words("thanks", "n_points").format(n=whole(one.points, language))
    why = words.known("thanks", "reasons", one.reason, otherwise="other") if one.reason else ""
    chip = status(words("thanks", "statuses", one.status), KINDS.get(one.status, ""))
    return (
        _person(one.person_id), _person(one.friend_id), escape(country_name(one.market, language)), escape(what),
        f'{chip}{f" {escape(why)}" if why else ""}', escape(instant(one.ordered_at, zone, language)),
        escape(instant(one.granted_at, zone, language) if one.granted_at else "–"),
    )  # fmt: skip


def _person(person_id: str) -> str:
    return f'<a href="/ui/people/{escape(quote(person_id))}"><code>{visible(person_id[:14])}</code></a>'
