"""Message templates as HTML: which languages each can be sent in, and the words of one."""

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

from agent.planning.wording import template_title
from api.ui.shell.numbers import language_name, whole
from api.ui.shell.parts import notice, table
from api.ui.shell.visible import visible
from api.ui.shell.words import Words
from api.verbs.content import ListedMessage, MessageTemplates

from .library_view import in_its_language, missing_in

if TYPE_CHECKING:
    from tools.copywriting.templates import Template


def render_messages(found: MessageTemplates, address: Callable[..., str], open_name: str, words: Words) -> str:
    """Give a row per template; its name opens its words."""
    rows = [_row(one, found, address(message=one.name), one.name == open_name, words) for one in found.messages]
    heads = [words("content", "heads", name) for name in ("message", "name", "subjects", "languages", "missing_in")]
    shown = table(words("content", "messages_about"), heads, rows, numbers=frozenset({2}))
    return f'<div class="so-library">{shown}</div>'


def _row(one: ListedMessage, found: MessageTemplates, address: str, is_open: bool, words: Words) -> tuple[str, ...]:
    here = ' aria-current="true"' if is_open else ""
    names = words("content", "comma").join(language_name(code, words.language) for code in one.languages)
    return (
        f'<a href="{escape(address)}"{here}>{visible(_title(one.name, words))}</a>',
        f"<code>{visible(one.name)}</code>",
        escape(whole(one.n_subjects, words.language)),
        visible(names),
        missing_in(one.languages, found.languages, words),
    )


def _title(name: str, words: Words) -> str:
    found = template_title(name, words.language)
    return found if found != name else name.replace("_", " ").capitalize()


def render_message(name: str, found: "Template | None", language: str, words: Words) -> str:
    """Give the words of a template as they are kept, tokens unfilled; or that nobody wrote them in the language."""
    title = f"<h4>{visible(_title(name, words))}</h4>"
    if found is None:
        said = words("content", "not_written").format(language=language_name(language, words.language))
        return f"{title}{notice(escape(said), 'warn')}"
    rows = [
        ("subjects", "<br>".join(in_its_language(one, language, words) for one in found.subjects)),
        ("preheader", in_its_language(found.preheader, language, words)),
        ("heading", in_its_language(found.heading, language, words)),
        ("paragraphs", "<br>".join(in_its_language(one, language, words) for one in found.paragraphs)),
        *([("about_goods", in_its_language(found.about_goods, language, words))] if found.about_goods else []),
        ("button", in_its_language(found.button, language, words)),
        ("short", in_its_language(found.short, language, words)),
    ]
    heads = [words("content", "heads", one) for one in ("part", "says")]
    shown = table(
        words("content", "tokens"), heads, [(escape(words("content", "fields", at)), said) for at, said in rows]
    )
    return f"{title}{shown}"
