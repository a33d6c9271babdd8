"""What whoever asks for an address that the workspace does not have is told, in both languages."""

from fastapi import Request
from fastapi.responses import HTMLResponse

from .frame import style
from .parts import empty
from .words import HTML_LANG, LANGUAGES, Words, words

HOME = "/ui/"


def lost(request: Request, exception: Exception) -> HTMLResponse:
    """Say that there is no such page, and lead home; nothing of the address is repeated."""
    parts = "".join(_said(words(language)) for language in LANGUAGES)
    name = words(LANGUAGES[0])("app")
    html = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{name}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{style(())}</style></head>'
        f'<body><main class="so-page so-single"><h1>{name}</h1>{parts}</main></body></html>'
    )
    return HTMLResponse(html, 404)


def _said(say: Words) -> str:
    told = empty(say("lost"), say("lost_more"), (HOME, say("pages", "home")))
    return f'<section lang="{HTML_LANG[say.language]}">{told}</section>'
