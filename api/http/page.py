"""Public pages: one template and one file of words each, a strict policy, and no script at all."""

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import yaml
from fastapi.responses import HTMLResponse

PAGES = Path(__file__).parent / "pages"


def page(name: str, language: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Give a page in the language, in English where nobody wrote its words."""
    words, style = _all_words(name), _style(name)
    lang = language if language in words else "en"
    html = _template(name).render(lang=lang, words=words[lang], style=style, **values)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    headers = {"Content-Security-Policy": policy, "Content-Language": lang, "Cache-Control": "no-store"}
    return HTMLResponse(html, status, headers)


def words_of(name: str, language: str) -> dict[str, Any]:
    """Give a page's words in a language, in English where nobody wrote them."""
    words = _all_words(name)
    found: dict[str, Any] = words.get(language) or words["en"]
    return found


@cache
def _all_words(name: str) -> dict[str, Any]:
    words: dict[str, Any] = yaml.safe_load((PAGES / f"{name}.yaml").read_text(encoding="utf-8"))
    return words


@cache
def _style(name: str) -> str:
    own = PAGES / f"{name}.css"
    return (own if own.exists() else PAGES / "page.css").read_text(encoding="utf-8").strip()


@cache
def _template(name: str) -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(PAGES), autoescape=True, undefined=jinja2.StrictUndefined
    )
    return environment.get_template(f"{name}.html.jinja")
