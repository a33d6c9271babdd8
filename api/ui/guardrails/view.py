"""HTML of the guardrails page: limits in words, what others would have done, versions and their differences."""

from html import escape
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from api.ui.shell.numbers import day, instant, money, whole
from api.ui.shell.parts import Figure, empty, figures, notice, status, table
from api.ui.shell.visible import visible
from api.ui.shell.words import Words
from memory.domain.guardrails import Guardrails
from memory.store.guardrail_versions import GuardrailVersion

from .form import GROUPS
from .said import said

if TYPE_CHECKING:
    from agent.guardrails.look_back_record import LimitEffect, LookBack


def limits_list(limits: Guardrails, words: Words) -> str:
    """Give every limit, grouped, with its value and why it is there."""
    parts = []
    for group, names in GROUPS.items():
        rows = "".join(
            f"<div><dt>{escape(words('guardrails', 'names', name))}</dt>"
            f"<dd><b>{visible(said(limits, name, words))}</b>"
            f'<span class="so-soft">{escape(words("guardrails", "why", name))}</span></dd></div>'
            for name in names
        )
        title = escape(words("guardrails", "groups", group))
        parts.append(f'<section class="so-section"><h3>{title}</h3><dl class="so-limits">{rows}</dl></section>')
    return "".join(parts)


def looked_back(found: "LookBack", words: Words, zone: str) -> str:
    """Say what the limits in the form would have done, limit by limit, and what cannot be told."""
    language = words.language
    until = day(found.until.astimezone(ZoneInfo(zone)).date(), language)
    period = words("guardrails", "what_if", "recent" if found.is_recent else "past").format(until=until)
    if not found.n_messages:
        return f'<p class="so-soft">{escape(period)}</p>{notice(escape(words("guardrails", "what_if", "no_messages")))}'
    base = words("guardrails", "what_if", "base").format(
        n=whole(found.n_messages, language), cost=money(found.cost, language)
    )
    head = f'<p class="so-soft">{escape(period)} {escape(base)}</p>'
    if not found.effects:
        return head + notice(escape(words("guardrails", "what_if", "no_change")))
    tiles = figures(
        (
            Figure(
                words("guardrails", "what_if", "held_back"), whole(found.n_blocked, language),
                words("guardrails", "what_if", "of").format(n=whole(found.n_messages, language)),
            ),
            Figure(words("guardrails", "what_if", "they_cost"), money(found.cost_blocked, language)),
            Figure(
                words("guardrails", "what_if", "they_added"), money(found.value_blocked, language),
                words("guardrails", "what_if", "expected"),
            ),
        )
    )  # fmt: skip
    lines = "".join(f"<li>{_effect(one, words)}</li>" for one in found.effects)
    unknown = words("guardrails", "what_if", "unknown").format(n=whole(found.n_unknown, language))
    rest = f'<p class="so-soft">{escape(unknown)}</p>' if found.n_unknown else ""
    basis = f'<p class="so-soft">{escape(words("guardrails", "what_if", "basis"))}</p>'
    return f'{head}{tiles}<ul class="so-effects">{lines}</ul>{rest}{basis}'


def _effect(one: "LimitEffect", words: Words) -> str:
    language, name = words.language, f"<b>{escape(words('guardrails', 'names', one.field))}</b>"
    if not one.is_counted:
        return f"{name} {escape(words('guardrails', 'what_if', 'not_counted', one.basis))}"
    lines = []
    if one.n_blocked:
        lines.append(
            words("guardrails", "what_if", "blocked", one.basis).format(
                n=whole(one.n_blocked, language), cost=money(one.cost_blocked, language),
                value=money(one.value_blocked, language),
            )
        )  # fmt: skip
    if one.n_opened:
        lines.append(
            words("guardrails", "what_if", "opened").format(
                n=whole(one.n_opened, language), worth=whole(one.n_worth, language),
                cost=money(one.cost_opened, language), value=money(one.value_opened, language),
            )
        )  # fmt: skip
    if not lines:
        lines.append(words("guardrails", "what_if", "nothing"))
    return f"{name} {escape(' '.join(lines))}"


def versions_table(versions: tuple[GuardrailVersion, ...], chosen: int, words: Words, zone: str) -> str:
    """Give all versions, newest first; each opens by its number."""
    rows = []
    for number in range(len(versions), 0, -1):
        one = versions[number - 1]
        label = words("guardrails", "version").format(n=number)
        current = ' aria-current="true"' if number == chosen else ""
        link = f'<a href="/ui/guardrails?view=versions&amp;version={number}"{current}>{escape(label)}</a>'
        force = f" {status(words('guardrails', 'in_force'))}" if number == len(versions) else ""
        rows.append(
            (
                link + force, escape(instant(one.set_at, zone, words.language)), visible(one.set_by),
                visible(one.note) or "–", f"<code>{escape(one.version[:12])}</code>",
            )
        )  # fmt: skip
    heads = [words("guardrails", "heads", name) for name in ("version", "set_at", "set_by", "note", "hash")]
    return table(words("guardrails", "versions"), heads, rows)


def difference(
    before: Guardrails, after: Guardrails, changed: tuple[str, ...], words: Words, heads: tuple[str, str], caption: str
) -> str:
    """Give what differs between two sets of limits, in words; a sentence where nothing does."""
    if not changed:
        return f'<p class="so-soft">{escape(words("guardrails", "same"))}</p>'
    rows = [
        (
            escape(words("guardrails", "names", name)),
            f"<del>{visible(said(before, name, words))}</del>",
            f"<ins>{visible(said(after, name, words))}</ins>",
        )
        for name in changed
    ]
    return table(caption, [words("guardrails", "heads", "limit"), *heads], rows)


def no_limits(words: Words) -> str:
    """Say that the shop has no limits yet and where they come from."""
    return empty(words("guardrails", "none_title"), words("guardrails", "none_text"))
