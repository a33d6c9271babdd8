"""A request as HTML: everything foreign escaped, nothing invisible left invisible, the hash beside the words."""

from html import escape

from agent.approval.exhibit import ShownMessage
from api.ui.plan.money import forecast_note
from api.ui.shell.visible import visible
from api.ui.shell.words import Words
from api.verbs.exhibits import EdgeRecipient, Exhibit
from memory.domain.money import Money


def render_exhibit(found: Exhibit, title: str, words: Words) -> str:
    """Give the whole request: head, figures, edges, what changed, every message."""
    return "".join(
        (_head(found, title, words), _figures(found, words), _edges(found, words), _changes(found, words))
    ) + _messages(found, words)


def _head(found: Exhibit, title: str, words: Words) -> str:
    one = found.approval
    return (
        f'<div class="so-head"><h2>{visible(title)}</h2><p class="so-soft">'
        f"{words('asked_by')} {escape(one.requested_by)} · {words('valid_until')} "
        f"<time>{one.expires_at:%Y-%m-%d %H:%M} UTC</time> · <code>{escape(one.id)}</code></p>"
        f'<p class="so-soft">{words("touched_by")} {escape(", ".join(one.touched_by))} · '
        f'{words("content")} <code class="so-hash">{escape(one.plan_id)}</code> · '
        f'{words("shown")} <code class="so-hash">{escape(found.shown_hash)}</code></p></div>'
    )


def _figures(found: Exhibit, words: Words) -> str:
    price, orders = found.price, found.price.outlook.added_orders
    rows: tuple[tuple[str, str], ...] = (
        (words("reach"), f"{price.n_people:,} ({price.people_rate:.1%})"),
        (words("n_messages"), f"{price.n_messages:,}"),
        (words("expected"), _money(price.expected_cost)),
        (words("worst_loss"), _money(price.worst_case_cost)),
        (words("forecast"), f"{orders.expected:,.0f} ({words('basis', price.outlook.basis)})"),
    )
    if found.parts:
        held = ", ".join(f"{escape(one.part_id)} {one.rate:.0%}" for one in found.parts)
        rows = (*rows, (words("held_parts"), held))
    cells = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in rows)
    return f'<dl class="so-strip">{cells}</dl>{forecast_note(price.outlook, words)}'


def _edges(found: Exhibit, words: Words) -> str:
    rows = "".join(_edge(one, words) for one in found.edges)
    heads = "".join(f"<th>{words(name)}</th>" for name in ("edge", "person", "cohort", "market_language", "gets"))
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    return f'<section class="so-edges"><h3>{words("edges_title")}</h3>{table}</section>'


def _edge(one: EdgeRecipient, words: Words) -> str:
    channels = ", ".join(words("channels", channel) for channel in one.channels) or "–"
    gets = f"{len(one.step_ids)} {words('steps')} ({channels})"
    cells = (
        words("edge_kinds", one.why),
        f"<code>{escape(one.person_id[:12])}</code>",
        words("cohorts", one.cohort),
        " · ".join(escape(part) for part in (one.market, one.language) if part) or "–",
        gets,
    )
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _changes(found: Exhibit, words: Words) -> str:
    if not found.compared_with:
        body = f"<p>{words('first_plan')}</p>"
    else:
        lines = "".join(f"<li>{visible(one.words)}</li>" for one in found.differences)
        body = f"<ul>{lines}</ul>" if lines else f"<p>{words('no_changes')}</p>"
    against = f" <code>{escape(found.compared_with[:12])}</code>" if found.compared_with else ""
    return f'<section class="so-changes"><h3>{words("since_last")}{against}</h3>{body}</section>'


def _messages(found: Exhibit, words: Words) -> str:
    by_step: dict[str, list[ShownMessage]] = {}
    for one in found.messages:
        by_step.setdefault(one.step_id, []).append(one)
    parts = "".join(_step(step_id, some, words) for step_id, some in by_step.items())
    return f'<section class="so-shown"><h3>{words("exact_words")} ({len(found.messages)})</h3>{parts}</section>'


def _step(step_id: str, messages: list[ShownMessage], words: Words) -> str:
    first = messages[0]
    head = f"{words.day(first.day)} · {words('cohorts', first.cohort)} · {escape(step_id)}"
    bad = sum(bool(one.problem) for one in messages)
    note = f' <b class="so-bad">{bad} {words("not_worded")}</b>' if bad else ""
    rows = "".join(_message(one, words) for one in messages)
    return f"<details><summary>{head} ({len(messages)}){note}</summary>{rows}</details>"


def _message(one: ShownMessage, words: Words) -> str:
    head = f"<b>{words('channels', one.channel)}</b> · {escape(one.language)} · {words('classes', one.message_class)}"
    if one.problem:
        return f'<article><p>{head}</p><p class="so-bad">{words("not_worded")}: {visible(one.problem)}</p></article>'
    goods = f" · {words('goods_rule')} {visible(one.goods_rule)}" if one.goods_rule else ""
    subject = f"<p><b>{visible(one.subject)}</b></p>" if one.subject else ""
    size = len(one.html.encode())
    html = f" · HTML {size:,} B" if size else ""
    return (
        f'<article><p class="so-soft">{head}{goods}</p>{subject}<pre dir="auto">{visible(one.text)}</pre>'
        f'<p class="so-soft">{words("links")} {visible(", ".join(one.hosts)) or "–"}{html} · SHA-256 '
        f'<code class="so-hash">{escape(one.shown_hash)}</code></p></article>'
    )


def _money(sum_: Money) -> str:
    return escape(str(sum_))
