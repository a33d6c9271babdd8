"""The two cookies there are: the browser session, and a sign-in at an OpenID provider on its way.

Both are `__Host-` cookies: Secure, HttpOnly, for this host and every path. One exception: an installation that is
reached by plain http on a loopback address has no TLS to ask for, and not every browser treats loopback as secure.
"""

from urllib.parse import urlsplit

from fastapi import Request
from starlette.responses import Response

from agent.settings import Settings

SESSION = "so_session"
OIDC = "so_oidc"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def is_secure(settings: Settings) -> bool:
    """Say whether cookies are Secure: always, but for plain http on a loopback address."""
    parts = urlsplit(settings.public_url)
    return not (parts.scheme == "http" and parts.hostname in LOOPBACK)


def cookie_name(settings: Settings, name: str) -> str:
    """Give the name under which the browser keeps a cookie."""
    return f"__Host-{name}" if is_secure(settings) else name


def read_cookie(request: Request, settings: Settings, name: str) -> str:
    """Give a cookie's value, or an empty text."""
    return request.cookies.get(cookie_name(settings, name), "")


def set_cookie(answer: Response, settings: Settings, name: str, value: str, seconds: int) -> None:
    """Have the browser keep a value. Lax: links from mails lead in signed in; posts of other sites come without it."""
    answer.set_cookie(
        cookie_name(settings, name),
        value,
        max_age=seconds,
        path="/",
        secure=is_secure(settings),
        httponly=True,
        samesite="lax",
    )


def drop_cookie(answer: Response, settings: Settings, name: str) -> None:
    """Have the browser forget a value."""
    answer.delete_cookie(
        cookie_name(settings, name), path="/", secure=is_secure(settings), httponly=True, samesite="lax"
    )
