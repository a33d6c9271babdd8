"""Compiling once: MJML to HTML per template, language, offer and number of goods; then only slots are filled."""

import html
import re
from collections.abc import Mapping
from functools import cache

from memory.domain.market import Language

from .templates import Template, layout, load_frame, load_template

_SLOT = re.compile(r"\[\[(\w+)\]\]")
_TOKEN = re.compile(r"\{(shop|first_name)\}")
SUBJECT_PLACE = "SUBJECT-LINE"
"""Where the page names its subject: the slow compilation is done once for all subject lines."""


class Slots:
    """A text cut at its slots; filling is joining."""

    def __init__(self, text: str, *, escape: bool) -> None:
        """Cut `text` at `[[name]]`; values are HTML-escaped where `escape` is set."""
        parts = _SLOT.split(text)
        self._fixed, self._names = parts[::2], parts[1::2]
        self._escape = escape

    def fill(self, values: Mapping[str, str]) -> str:
        """Give the text with every slot filled; raise `KeyError` for a slot without a value."""
        filled = [self._fixed[0]]
        for name, text in zip(self._names, self._fixed[1:], strict=True):
            value = values[name]
            filled.append(html.escape(value) if self._escape else value)
            filled.append(text)
        return "".join(filled)


class Compiled:
    """One template, ready to be filled."""

    def __init__(self, subject: str, text: str, page: str) -> None:
        """Cut the three parts at their slots."""
        self.subject = Slots(subject, escape=False)
        self.text = Slots(text, escape=False)
        self.html = Slots(page, escape=True)


@cache
def compiled_mail(
    name: str,
    language: Language,
    has_offer: bool,
    n_goods: int = 0,
    subject_no: int = 0,
    has_content: bool = False,
    has_code: bool = False,
    is_receipt: bool = False,
) -> Compiled | None:
    """Give the compiled mail of a template and language; none where its words or its frame are missing."""
    template, frame = load_template(name, language), load_frame(language)
    if template is None or frame is None:
        return None
    subject = subject_line(template, subject_no)
    if has_code and template.paragraphs_with_code:
        template = template.model_copy(update={"paragraphs": template.paragraphs_with_code})
    shape = (has_offer, n_goods, has_content, has_code, is_receipt)
    page = _page(template, language, *shape).replace(SUBJECT_PLACE, slots(html.escape(subject)))
    return Compiled(slots(subject), _text(template, *shape), page)


def subject_line(template: Template, number: int) -> str:
    """Give one of the template's subject lines; the first where there are fewer, as after a template was rewritten."""
    return template.subjects[number] if number < len(template.subjects) else template.subjects[0]


def slots(words: str) -> str:
    """Turn the tokens `{shop}` and `{first_name}` of a template into slots."""
    return _TOKEN.sub(r"[[\1]]", words)


@cache
def _page(
    template: Template,
    language: str,
    has_offer: bool,
    n_goods: int,
    has_content: bool,
    has_code: bool,
    is_receipt: bool,
) -> str:
    from mjml import mjml2html

    def fixed(words: str) -> str:
        return slots(html.escape(words))

    paragraphs = "".join(f"<mj-text>{fixed(paragraph)}</mj-text>" for paragraph in template.paragraphs)
    paragraphs += "<mj-text>[[content]]</mj-text>" if has_content else ""
    about = "".join(
        f"<mj-section><mj-column><mj-text>{fixed(line)}</mj-text></mj-column></mj-section>"
        for line in _about(template, n_goods)
    )
    source = layout("receipt" if is_receipt else "layout")
    for name, value in (
        ("paragraphs", paragraphs),
        ("offer_block", layout("offer") if has_offer else ""),
        ("code_block", layout("code") if has_code else ""),
        ("goods_block", about + _goods_block(n_goods)),
        ("lang", language),
        ("subject", SUBJECT_PLACE),
        ("preheader", fixed(template.preheader)),
        ("heading", fixed(template.heading)),
        ("button", fixed(template.button)),
    ):
        source = source.replace(f"[[{name}]]", value)
    return str(mjml2html(source))


def _about(template: Template, n_goods: int) -> tuple[str, ...]:
    """The line above the articles, where there are some."""
    return (template.about_goods,) if n_goods and template.about_goods else ()


def _goods_block(n_goods: int) -> str:
    """Give one section per article, each a link of its own."""
    line = layout("goods")
    return "".join(
        line.replace("[[title]]", f"[[title_{n}]]").replace("[[url]]", f"[[url_{n}]]") for n in range(n_goods)
    )


def _text(
    template: Template, has_offer: bool, n_goods: int, has_content: bool, has_code: bool, is_receipt: bool
) -> str:
    code = "\n[[code_line]]" if has_code else ""
    offer = [f"[[offer]]\n[[conditions]]{code}"] if has_offer else []
    parts = [
        slots(template.heading),
        "[[greeting]]",
        *(slots(paragraph) for paragraph in template.paragraphs),
        *(["[[content]]"] if has_content else []),
        *offer,
        *(slots(line) for line in _about(template, n_goods)),
        *(["\n".join(f"- [[title_{n}]]: [[url_{n}]]" for n in range(n_goods))] if n_goods else []),
        f"{slots(template.button)}: [[url]]",
        "[[signature]]",
        _foot(is_receipt),
    ]
    return "\n\n".join(parts) + "\n"


def _foot(is_receipt: bool) -> str:
    ways_out = "[[preferences]]: [[preferences_url]]\n[[unsubscribe]]: [[unsubscribe_url]]\n"
    return f"--\n[[why_you]]\n{'' if is_receipt else ways_out}[[postal_address]]"
