"""One line of a conversation as HTML."""

from html import escape

from agent.chat.lines import ChatLine
from api.ui.shell.numbers import instant
from api.ui.shell.refusals import reason_html
from api.ui.shell.visible import visible
from api.ui.shell.words import Words
from api.verbs.chat import ListedChat


def render_line(line: ChatLine, words: Words) -> str:
    """Give the line: a bubble for words, a card that opens for tools and changes."""
    if line.kind == "tool":
        return _tool(line, words)
    if line.kind == "changes":
        return _changes(line, words)
    if line.kind == "refused":
        is_read = bool(line.reasons) and words.language != "en"
        items = [reason_html(one, words) for one in line.reasons] if is_read else [visible(item) for item in line.items]
        said = "".join(f"<li>{item}</li>" for item in items)
        return f'<div class="so-say they wrong">{visible(line.text)}{f"<ul>{said}</ul>" if said else ""}</div>'
    return f'<div class="so-say {"you" if line.kind == "you" else "they"}">{visible(line.text)}</div>'


def _tool(line: ChatLine, words: Words) -> str:
    name = words.known("tools", line.text, otherwise="other").format(tool=line.text.replace("_", " "))
    refused = f" · {words('refused')}" if line.is_refused else ""
    parts = "".join(
        f"<h5>{escape(words('chat_more', title))}</h5><pre tabindex='0'>{visible(text)}</pre>"
        for title, text in (("asked", line.asked), ("answered", line.answered))
        if text
    )
    return f'<details class="so-tool"><summary>{escape(name)}{refused}</summary>{parts}</details>'


def _changes(line: ChatLine, words: Words) -> str:
    if not line.items:
        return f'<div class="so-hint">{escape(words("no_changes"))}</div>'
    title = words("n_changes").format(n=len(line.items))
    items = "".join(f"<li>{visible(item)}</li>" for item in line.items)
    return f'<details class="so-tool"><summary>{escape(title)}</summary><ul>{items}</ul></details>'


def render_history(found: tuple[ListedChat, ...], words: Words, zone: str) -> str:
    """Give earlier chats as a list of links, last used first."""
    if not found:
        return f'<p class="so-soft">{escape(words("chat_more", "no_history"))}</p>'
    items = "".join(
        f'<li><a href="/ui/chat?chat={escape(one.chat_id)}">{visible(one.title)}</a> '
        f'<span class="so-soft">{escape(instant(one.updated_at, zone, words.language))}</span></li>'
        for one in found
    )
    return f"<ul>{items}</ul>"
