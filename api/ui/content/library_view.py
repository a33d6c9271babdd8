"""The content library as HTML: per type what each entry says in one language, and where a language is missing."""

from collections.abc import Collection, Sequence
from html import escape

from agent.planning.wording import template_title
from api.ui.shell.numbers import language_name, whole
from api.ui.shell.parts import Figure, empty, figures, status, table
from api.ui.shell.visible import visible
from api.ui.shell.words import Words
from api.verbs.content import ContentLibrary, ListedType
from tools.copywriting.content import ContentEntry


def render_library(found: ContentLibrary, language: str, words: Words) -> str:
    """Give a table per type, after how much of the library has words in the language."""
    n_all = sum(len(one.entries) for one in found.types)
    if not n_all:
        return empty(words("content", "none"), words("content", "none_more"))
    n = sum(language in entry.text for one in found.types for entry in one.entries)
    of_all = words("content", "of_all").format(n=whole(n_all, words.language))
    name = words("content", "in_language").format(language=language_name(language, words.language))
    tiles = figures((Figure(name, whole(n, words.language), of_all),))
    return tiles + "".join(_type(one, found.languages, language, words) for one in found.types)


def _type(one: ListedType, languages: Sequence[str], language: str, words: Words) -> str:
    title = words.found("content", "types", one.type) or one.type.replace("_", " ")
    heads = [words("content", "heads", name) for name in ("attribute", "means", "says", "missing_in")]
    rows = [_row(entry, languages, language, words) for entry in one.entries]
    said_by = words("content", "comma").join(template_title(kind, words.language) for kind in one.said_by)
    about = words("content", "said_by").format(messages=said_by) if said_by else words("content", "said_by_none")
    caption = words("content", "type_about").format(type=title)
    return (
        f'<section class="so-section"><h3>{visible(title)}</h3><p class="so-soft">{visible(about)}</p>'
        f'<div class="so-library">{table(caption, heads, rows)}</div></section>'
    )


def _row(entry: ContentEntry, languages: Sequence[str], language: str, words: Words) -> tuple[str, ...]:
    attribute = words.found("content", "attributes", entry.id) or entry.id.replace("_", " ")
    return (
        visible(attribute),
        f'<span class="so-soft">{visible(", ".join(entry.words))}</span>',
        in_its_language(entry.text.get(language, ""), language, words),
        missing_in(entry.text, languages, words),
    )


def in_its_language(text: str, language: str, words: Words) -> str:
    """Give words marked as their language, so that a screen reader says them so; or that nobody wrote them."""
    if not text:
        return status(words("content", "missing"), "rejected")
    return f'<span lang="{escape(language)}">{visible(text)}</span>'


def missing_in(there: Collection[str], languages: Sequence[str], words: Words) -> str:
    """Name the languages in which nobody wrote it."""
    names = [language_name(one, words.language) for one in languages if one not in there]
    if not names:
        return f'<span class="so-soft">{escape(words("content", "nowhere"))}</span>'
    return " ".join(status(name, "rejected") for name in names)
