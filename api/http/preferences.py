"""The preference centre and the second opt-in: public pages behind signed links, without a script, cookie or account.

Looking changes nothing, whoever fetches the link. A change needs the form to be posted; the token in the address is
its own protection against forged posts, because nobody else knows it.
"""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Request
from fastapi import Path as PathParameter
from fastapi.responses import HTMLResponse

from agent.assembly import App
from agent.consents import Centre, Choice, ask_to_confirm, centre, choose, confirm, stop_all
from memory.domain.consent import REASONS
from memory.domain.errors import NotFound
from memory.domain.market import Channel
from memory.domain.preference import PAUSE_DAYS, TOPICS
from tools.consent import load_policies
from tools.links.preferences import OwnPage, confirm_url, confirmable_until, read_page
from tools.links.unsubscribe import InvalidToken

from .access import installation
from .page import page, words_of

NAME = "preferences"
MAX_FORM_BYTES = 8_192
Token = Annotated[str, PathParameter(max_length=512, description="The token of the message's link.")]
Installed = Annotated[App, Depends(installation)]
Form = dict[str, list[str]]
_ANSWERS: dict[int | str, dict[str, Any]] = {
    404: {"description": "The link is not valid.", "content": {"text/html": {}}}
}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": False,
        "description": "The page's own form.",
        "content": {"application/x-www-form-urlencoded": {"schema": {"type": "object"}}},
    }
}

router = APIRouter(tags=["public"], default_response_class=HTMLResponse, responses=_ANSWERS)


async def posted(request: Request) -> Form:
    """Read a small URL-encoded form; anything else counts as an empty one."""
    body = await request.body()
    if len(body) > MAX_FORM_BYTES or "urlencoded" not in request.headers.get("content-type", ""):
        return {}
    try:
        return parse_qs(body.decode(), max_num_fields=64)
    except ValueError:
        return {}


Posted = Annotated[Form, Depends(posted)]


@router.get("/preferences/{token}")
def look(app: Installed, token: Token, fewer: bool = False) -> HTMLResponse:
    """Show what a person gets, and let them choose; changes nothing, whoever fetches it."""
    try:
        own = read_page(app.key, "preferences", token)
        with app.store.read() as uow:
            stands = centre(uow, own)
    except (InvalidToken, NotFound):
        return _shown("invalid", "en", status=404)
    return _centre(app, stands, "ask", wants_fewer=fewer)


@router.post("/preferences/{token}", openapi_extra=_BODY)
def change(app: Installed, token: Token, form: Posted) -> HTMLResponse:
    """Keep what a person chose, or stop everything; it counts from the next claim on."""
    try:
        own = read_page(app.key, "preferences", token)
        with app.store.read() as uow:
            before = centre(uow, own)
    except (InvalidToken, NotFound):
        return _shown("invalid", "en", status=404)
    if before.is_erased:
        return _centre(app, before, "gone")
    state, asked = "saved", tuple[Channel, ...]()
    now = app.clock.now()
    with app.store.unit_of_work() as uow:
        if form.get("action") == ["stop"]:
            reason = next((name for name in REASONS if form.get("reason") == [name]), None)
            stop_all(uow, own, now, reason)
            state = "stopped"
        elif form.get("action") == ["save"]:
            double = set(load_policies().of(before.market).double_opt_in)
            asked = choose(uow, own, _choice(form, before), now, _wordings(before), double=double)
        else:
            state = "ask"
        stands = centre(uow, own)
    for channel in asked:
        _ask(app, own, channel, stands)
    return _centre(app, stands, "asked" if asked else state)


@router.get("/confirm/{token}")
def look_confirm(app: Installed, token: Token) -> HTMLResponse:
    """Show what is to be confirmed, with a button; changes nothing, so that no scanner confirms for anybody."""
    try:
        own = read_page(app.key, "confirm", token)
        with app.store.read() as uow:
            stands = centre(uow, own)
    except (InvalidToken, NotFound):
        return _shown("invalid", "en", status=404)
    is_over = stands.is_erased or app.clock.now() > confirmable_until(own)
    return _shown("expired" if is_over else "confirm", stands.language, shop_name=stands.shop_name, channel=own.channel)


@router.post("/confirm/{token}", openapi_extra=_BODY)
def second_opt_in(app: Installed, token: Token) -> HTMLResponse:
    """Grant what was asked for; again is as good as once."""
    try:
        own = read_page(app.key, "confirm", token)
        with app.store.unit_of_work() as uow:
            stands = centre(uow, own)
            is_done = not stands.is_erased and confirm(uow, own, app.clock.now())
    except (InvalidToken, NotFound):
        return _shown("invalid", "en", status=404)
    return _shown("confirmed" if is_done else "expired", stands.language, shop_name=stands.shop_name)


def _choice(form: Mapping[str, list[str]], before: Centre) -> Choice:
    """Read the form; what it does not know it leaves out, and a missing part keeps what stands."""
    days = next((n for n in PAUSE_DAYS if form.get("pause") == [str(n)]), 0)
    wanted = form.get("topic", [])
    said = form.get("preferred", [before.preference.channel or ""])
    return Choice(
        channels=tuple(channel for channel in before.channels if channel in form.get("channel", [])),
        topics_off=tuple(topic for topic in TOPICS if topic not in wanted),
        frequency="fewer" if form.get("frequency") == ["fewer"] else "all",
        pause_days=days,
        paused_until=before.preference.paused_until if form.get("pause") == ["keep"] else None,
        preferred=next((channel for channel in before.channels if said == [channel]), None),
    )


def _wordings(stands: Centre) -> dict[Channel, str]:
    """Give the sentence each channel's box stands beside, in the person's language."""
    words = words_of(NAME, stands.language)
    return {
        channel: words["wording"].format(shop=stands.shop_name, channel=words["channel"][channel])
        for channel in stands.channels
    }


def _ask(app: App, own: OwnPage, channel: Channel, stands: Centre) -> None:
    now = app.clock.now()
    url = confirm_url(app.settings.public_url, app.key, own.shop_id, stands.person_id, channel, now)
    to = own.model_copy(update={"person_id": stands.person_id, "channel": channel})
    ask_to_confirm(app.store, app.channels, to, url, words_of(NAME, stands.language), now)


def _centre(app: App, stands: Centre, state: str, *, wants_fewer: bool = False) -> HTMLResponse:
    chosen, now = stands.preference, app.clock.now()
    is_paused = chosen.paused_until is not None and chosen.paused_until > now
    return _shown(
        "gone" if stands.is_erased else state,
        stands.language,
        shop_name=stands.shop_name,
        channels=stands.channels,
        topics=TOPICS,
        topics_off=chosen.topics_off,
        frequency="fewer" if wants_fewer else chosen.frequency,
        preferred=chosen.channel or "",
        is_paused=is_paused,
        paused_until=chosen.paused_until.date().isoformat() if chosen.paused_until else "",
        pauses=PAUSE_DAYS,
        reasons=REASONS,
    )


def _shown(state: str, language: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    return page(NAME, language, status, state=state, **{"shop_name": "", **values})
