"""Templates as data: a YAML file per template and language, a frame per language, read once."""

import re
from functools import cache
from importlib.resources import files
from typing import Annotated, Any

import yaml
from pydantic import Field

from memory.domain.base import Frozen
from memory.domain.canonical import content_hash
from memory.domain.market import Language

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,63}")


class Template(Frozen):
    """The words of one template in one language. The only tokens are `{shop}` and `{first_name}`."""

    subjects: Annotated[tuple[str, ...], Field(min_length=2)]
    """Subject lines to draw from, or titles of a push message; every language has as many, in the same order."""
    preheader: str
    """What a mail program shows behind the subject."""
    heading: str
    """First line of the mail."""
    paragraphs: tuple[str, ...]
    """Body, one or more paragraphs."""
    paragraphs_with_code: tuple[str, ...] = Field(default=(), exclude_if=lambda words: not words)
    """The body where the person gets a code of their own; the same one where none is written."""
    about_goods: str = ""
    """The line above the articles; shown only where some are named, so it may say that they are in stock."""
    button: str
    """The one thing to do."""
    short: str
    """The whole message for SMS and push, without link and opt-out, which code adds."""
    short_with_code: str = Field(default="", exclude_if=lambda words: not words)
    """The same where the person gets a code of their own; `short` where none is written."""


class Frame(Frozen):
    """What every message of a language shares."""

    greeting: str
    """Greeting with `{first_name}`."""
    greeting_nameless: str
    """Greeting where no name is known."""
    signature: str
    """Closing line with `{shop}`."""
    why_you: str
    """Why the person gets this, with `{shop}`."""
    unsubscribe: str
    """The unsubscribe link's words."""
    preferences: str
    """The words of the link to the preference centre."""
    fewer: str
    """Those words for people who are about to leave (S2-64)."""
    stop: str
    """How to opt out of SMS."""
    conditions: str
    """Last day of an offer whose benefit does not name it, with `{until}`."""
    code: str
    """The line that tells a person's own code, with `{code}`."""


class OrderWords(Frozen):
    """What mails about an order say of it, per language: lines that code fills with the order's own facts."""

    why_you: str
    """Why the person gets this, with `{shop}`."""
    ships_by: str
    """By when the order is handed over, with `{order}` and `{until}`."""
    parcel: str
    """Who carries a parcel and under which number, with `{order}`, `{carrier}` and `{number}`."""
    parcel_no_number: str
    """The same without a number."""
    parcel_no_carrier: str
    """The same without a carrier."""
    parcel_alone: str
    """The same where neither is known."""
    arrives: str
    """When a parcel is expected, with `{from}` and `{until}`."""
    late: str
    """By when a parcel that is late is expected, with `{order}` and `{until}`."""


@cache
def load_template(name: str, language: Language) -> Template | None:
    """Give the words of a template in a language; none where nobody wrote them."""
    found = _read(name, language)
    return Template.model_validate(found) if found is not None else None


@cache
def load_frame(language: Language) -> Frame | None:
    """Give the frame of a language; none where nobody wrote it."""
    found = _read("_frame", language)
    return Frame.model_validate(found) if found is not None else None


@cache
def load_order_words(language: Language) -> OrderWords | None:
    """Give the lines about orders of a language; none where nobody wrote them."""
    found = _read("_order", language)
    return OrderWords.model_validate(found) if found is not None else None


@cache
def layout(name: str) -> str:
    """Give a layout file (`layout`, `receipt`, `offer`, `goods` or `code`)."""
    return files("prompts.messages").joinpath(f"{name}.mjml").read_text("utf-8")


@cache
def languages_of(name: str) -> tuple[Language, ...]:
    """Give the languages a template can be sent in, sorted."""
    folder = files("prompts.messages").joinpath(name)
    names = (entry.name for entry in folder.iterdir()) if folder.is_dir() else ()
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


def words_name(template: str, kind: str) -> str:
    """Give whose words a step speaks: its own template's (`name@version`) where it has some, else its kind's."""
    name = template.partition("@")[0]
    return name if languages_of(name) else kind


@cache
def subjects_of(name: str, language: Language) -> tuple[str, ...]:
    """Give the subject lines of a template in a language, tokens unfilled; none where nobody wrote them."""
    template = load_template(name, language)
    return template.subjects if template else ()


@cache
def copy_hash(name: str, language: Language) -> str:
    """Give the hash of all words of a template in a language; empty where nobody wrote them."""
    template = load_template(name, language)
    return content_hash(template) if template else ""


def n_subjects(name: str) -> int:
    """Give how many subject lines a template has in each of its languages; 0 for an unknown one."""
    return min((len(subjects_of(name, language)) for language in languages_of(name)), default=0)


def template_names() -> tuple[str, ...]:
    """Give the templates that exist, sorted."""
    folders = (entry.name for entry in files("prompts.messages").iterdir() if entry.is_dir())
    return tuple(sorted(name for name in folders if name[0].isalpha() and languages_of(name)))


def _read(folder: str, language: str) -> dict[str, Any] | None:
    if not (language.isascii() and language.isalpha() and len(language) == 2 and _NAME.fullmatch(folder)):
        return None
    path = files("prompts.messages").joinpath(folder, f"{language}.yaml")
    return yaml.safe_load(path.read_text("utf-8")) if path.is_file() else None
