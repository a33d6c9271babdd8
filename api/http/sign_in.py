"""Signing in and out in a browser: plain forms, a server-side session, one answer for every wrong pair."""

import hashlib
from typing import Annotated, Literal
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.responses import Response

from agent.assembly import App
from agent.sign_in.oidc import Begun, Provider, sign_in_by_subject
from agent.sign_in.passwords import WrongSignIn, sign_in, sign_in_by_token
from memory.domain.canonical import keyed_hash
from memory.domain.errors import NotFound, SecondOrderError
from memory.store.sign_ins import SESSION_LIFE

from .access import installation, limits
from .cookies import OIDC, SESSION, drop_cookie, read_cookie, set_cookie
from .limits import Limits, TooManyRequests, address_of
from .page import page

OIDC_SECONDS = 600
WORKSPACE = "/ui/"
router = APIRouter(tags=["public"], include_in_schema=False)
Installed = Annotated[App, Depends(installation)]
Counters = Annotated[Limits, Depends(limits)]
Typed = Annotated[str, Form(max_length=512)]
Language = Literal["en", "zh"]
Lang = Annotated[Language, Query()]
Next = Annotated[str, Query(max_length=512)]


@router.get("/sign-in", response_class=HTMLResponse)
def form(app: Installed, lang: Lang = "en", next: Next = "") -> HTMLResponse:
    """Show the form; `next` is the page of the workspace to go on to."""
    return _page(app, lang, back=next)


@router.post("/sign-in", response_class=HTMLResponse)
def enter(
    request: Request,
    app: Installed,
    counters: Counters,
    name: Typed = "",
    password: Typed = "",
    token: Typed = "",
    lang: Lang = "en",
    next: Next = "",
) -> Response:
    """Sign in by name and password, or by an API token; then go on to the page of the workspace that was asked for."""
    account = f"token:{hashlib.sha256(token.encode()).hexdigest()}" if token else name.strip().lower()
    address = address_of(request.scope, app.settings.trusted_proxies)
    former = read_cookie(request, app.settings, SESSION)
    try:
        counters.address_failures.require(address)
        counters.account_failures.take(account)
        counters.address_failures.add(address)
        if token:
            session_id = sign_in_by_token(app.store, app.clock, token.strip(), former)
        else:
            session_id = sign_in(app.store, app.clock, account, password, former)
    except TooManyRequests as error:
        wait = str(error.details["retry_after"])
        return _page(app, lang, "too_many", 429, {"Retry-After": wait}, back=next)
    except WrongSignIn:
        return _page(app, lang, "wrong", 401, back=next)
    counters.account_failures.forget(account)
    counters.address_failures.give_back(address)
    return _signed_in(app, session_id, next)


@router.post("/sign-out")
def leave(request: Request, app: Installed) -> Response:
    """End the browser's session on the server."""
    session_id = read_cookie(request, app.settings, SESSION)
    with app.store.unit_of_work() as uow:
        principal = uow.sign_ins.principal(session_id, app.clock.now())
        if uow.sign_ins.end(session_id) and principal:
            uow.audit.append(principal.id, "sign_out", f"principal:{principal.id}", app.clock.now())
    answer = RedirectResponse("/sign-in", 303)
    drop_cookie(answer, app.settings, SESSION)
    return answer


@router.get("/sign-in/oidc")
def begin(app: Installed, lang: Lang = "en") -> Response:
    """Send the browser to the OpenID provider."""
    try:
        address, begun = provider_of(app).begin()
    except SecondOrderError:
        return _page(app, lang, "provider", 503)
    answer = RedirectResponse(address, 303)
    set_cookie(answer, app.settings, OIDC, _signer(app).dumps(begun.model_dump()), OIDC_SECONDS)
    return answer


@router.get("/sign-in/oidc/callback")
def come_back(
    request: Request,
    app: Installed,
    counters: Counters,
    code: Annotated[str, Query(max_length=2_048)] = "",
    state: Annotated[str, Query(max_length=256)] = "",
    iss: Annotated[str, Query(max_length=512)] = "",
    lang: Lang = "en",
) -> Response:
    """Take the provider's answer: the state has to be this browser's, the identity signed for this sign-in."""
    address = address_of(request.scope, app.settings.trusted_proxies)
    try:
        counters.address_failures.take(address)
        provider = provider_of(app)
        begun = Begun.model_validate(_signer(app).loads(read_cookie(request, app.settings, OIDC), OIDC_SECONDS))
        if not code or not _same(state, begun.state) or (iss and iss != provider.issuer):
            raise WrongSignIn()
        subject = provider.subject(code, begun, app.clock.now())
        former = read_cookie(request, app.settings, SESSION)
        session_id = sign_in_by_subject(app.store, app.clock, provider.issuer, subject, former)
    except TooManyRequests as error:
        return _page(app, lang, "too_many", 429, {"Retry-After": str(error.details["retry_after"])})
    except (WrongSignIn, BadSignature, ValueError):
        return _dropped(app, _page(app, lang, "stranger", 401))
    except SecondOrderError:
        return _dropped(app, _page(app, lang, "provider", 503))
    counters.address_failures.give_back(address)
    return _dropped(app, _signed_in(app, session_id))


def provider_of(app: App) -> Provider:
    """Give the OpenID provider of the settings; raises `NotFound` where there is none."""
    settings = app.settings
    if not settings.oidc_issuer:
        raise NotFound(kind="OpenID provider", id="(settings)")
    redirect_uri = f"{settings.public_url}/sign-in/oidc/callback"
    return Provider(settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret, redirect_uri)


def _within(address: str) -> str:
    """Give an address of the workspace, or its first page: nothing else may be gone on to."""
    parts = urlsplit(address)
    is_ours = not parts.scheme and not parts.netloc and parts.path.startswith(WORKSPACE)
    return (
        address if is_ours and address.isprintable() and "\\" not in address and ".." not in parts.path else WORKSPACE
    )


def _signed_in(app: App, session_id: str, back: str = "") -> Response:
    answer = RedirectResponse(_within(back), 303)
    set_cookie(answer, app.settings, SESSION, session_id, int(SESSION_LIFE.total_seconds()))
    return answer


def _dropped(app: App, answer: Response) -> Response:
    drop_cookie(answer, app.settings, OIDC)
    return answer


def _same(one: str, other: str) -> bool:
    import hmac

    return hmac.compare_digest(one.encode(), other.encode())


def _signer(app: App) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(keyed_hash(app.key, "oidc sign-in"), salt="so_oidc")


def _page(
    app: App,
    lang: Language,
    problem: str = "",
    status: int = 200,
    headers: dict[str, str] | None = None,
    *,
    back: str = "",
) -> HTMLResponse:
    way = f"&next={quote(back, safe='')}" if _within(back) == back else ""
    shown = page("sign_in", lang, status, problem=problem, has_provider=bool(app.settings.oidc_issuer), way=way)
    own = {"Referrer-Policy": "same-origin"}  # without it browsers send no origin with the form
    shown.headers.update({**own, **(headers or {})})
    return shown
