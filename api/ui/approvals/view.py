"""What a request would send as HTML: everything foreign escaped, nothing invisible left invisible, hashes beside it."""

from html import escape

from agent.approval.exhibit import ShownMessage
from api.ui.shell.parts import table
from api.ui.shell.visible import visible
from api.ui.shell.words import Words
from api.verbs.exhibits import EdgeRecipient, Exhibit


def edges(found: Exhibit, words: Words) -> str:
    """Give three people at the edges of the plan, by pseudonym."""
    heads = [words(name) for name in ("edge", "person", "cohort", "market_language", "gets")]
    rows = [_edge(one, words) for one in found.edges]
    title, about = words("edges_title"), words("approvals", "edges_about")
    return f'<section class="so-section"><h3>{title}</h3>{table(about, heads, rows)}</section>'


def _edge(one: EdgeRecipient, words: Words) -> tuple[str, ...]:
    channels = ", ".join(words("channels", channel) for channel in one.channels) or "–"
    return (
        words("edge_kinds", one.why),
        f"<code>{escape(one.person_id[:12])}</code>",
        words("cohorts", one.cohort),
        " · ".join(escape(part) for part in (one.market, one.language) if part) or "–",
        f"{len(one.step_ids)} {words('steps')} ({channels})",
    )


def changes(found: Exhibit, words: Words) -> str:
    """Give what differs from the plan that was approved last."""
    if not found.compared_with:
        body = f"<p>{words('first_plan')}</p>"
    else:
        lines = "".join(f"<li>{visible(one.words)}</li>" for one in found.differences)
        body = f"<ul>{lines}</ul>" if lines else f"<p>{words('no_changes')}</p>"
    against = f" <code>{escape(found.compared_with[:12])}</code>" if found.compared_with else ""
    return f'<section class="so-changes"><h3>{words("since_last")}{against}</h3>{body}</section>'


def parts_held(found: Exhibit, words: Words) -> str:
    """Give journeys and steps that some of the treated people will not get; nothing where there are none."""
    if not found.parts:
        return ""
    held = ", ".join(f"{escape(one.part_id)} {one.rate:.0%}" for one in found.parts)
    return f'<section class="so-section"><h3>{words("held_parts")}</h3><p>{held}</p></section>'


def messages_head(found: Exhibit, words: Words) -> str:
    """Give the title over all messages."""
    about = escape(words("approvals", "messages_about"))
    return f"<h3>{words('exact_words')} ({len(found.messages)})</h3><p class='so-soft'>{about}</p>"


def proof(found: Exhibit, words: Words) -> str:
    """Give the ids and hashes that a decision is bound to."""
    one = found.approval
    rows = (
        (words("approval"), one.id),
        (words("content"), one.plan_id),
        (words("shown"), found.shown_hash),
    )
    lines = "".join(
        f'<p class="so-soft">{name} <code class="so-hash">{escape(value)}</code></p>' for name, value in rows
    )
    return f'<details class="so-more so-section"><summary>{words("approvals", "proof")}</summary>{lines}</details>'


def steps_of(found: Exhibit, language: str = "") -> list[tuple[str, list[ShownMessage]]]:
    """Give the messages per step, in order of the plan; only those in a language where one is given."""
    by_step: dict[str, list[ShownMessage]] = {}
    for one in found.messages:
        if language and one.language != language:
            continue
        by_step.setdefault(one.step_id, []).append(one)
    return list(by_step.items())


def render_step(step_id: str, messages: list[ShownMessage], words: Words) -> str:
    """Give the line that a step opens by."""
    first = messages[0]
    head = f"{words.day(first.day)} · {escape(step_id)}"
    bad = sum(bool(one.problem) for one in messages)
    note = f' <b class="so-bad">{bad} {words("not_worded")}</b>' if bad else ""
    return f"{head} ({len(messages)}){note}"


def preview(one: ShownMessage, words: Words) -> str:
    """Give a message word for word and, where it is a mail, as it looks: in a frame that may do nothing."""
    if one.problem or not one.html:
        return message(one, words)
    title = words("approvals", "frame").format(language=one.language)
    shown = words("approvals", "as_mail")
    frame = (
        f'<iframe class="so-frame so-mail" sandbox="" loading="lazy" title="{escape(title)}" '
        f'srcdoc="{escape(one.html)}"></iframe>'
    )
    return f"{message(one, words)}<details class='so-more'><summary>{shown}</summary>{frame}</details>"


def message(one: ShownMessage, words: Words) -> str:
    """Give a message word for word."""
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
