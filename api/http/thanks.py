"""The block of a thank-you page, as JSON for a checkout extension or a script: public by the order's signed link.

A cache may hold an answer for a minute; nothing but look-ups by key is done for one.
"""

import hashlib
from functools import cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Header, Query, Response
from fastapi import Path as PathParameter

from agent.assembly import App
from api.verbs import thanks
from memory.domain.base import Frozen
from memory.domain.errors import NotFound
from memory.domain.market import Shop
from memory.domain.thanks import SocialChannel, Target, ThanksGoods, ThanksOrder
from tools.links.thanks import OrderPage, read_thanks
from tools.links.unsubscribe import InvalidToken
from tools.thanks.block import Block, CodeShown, ShareShown

from .access import installation
from .errors import answers
from .page import PAGES, words_of

router = APIRouter(tags=["public"])
Token = Annotated[str, PathParameter(max_length=512, description="The token of the order's link.")]
Installed = Annotated[App, Depends(installation)]
CACHED = "public, max-age=60"
OPEN = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
"""Pages of the shop read it with a browser; no cookie counts here, so any page that has the link may."""


class GoodsShown(ThanksGoods):
    """One article with its words."""

    price_text: str
    """The price to show."""
    because: str
    """The rule in words."""


class Words(Frozen):
    """Headings and sentences in the language of the order's market."""

    title: str
    """Thanks."""
    goods: str
    """Over the articles."""
    code: str
    """Over the code."""
    code_more: str
    """What the code does; empty without one."""
    socials: str
    """Over the accounts."""
    share: str
    """Over the recommendation."""
    share_more: str
    """What it earns; empty where it earns nothing."""


class ShownBlock(Frozen):
    """The block of one order; all parts are empty on a plain page. Titles and names are text, never HTML."""

    language: str
    """Of its words."""
    goods: tuple[GoodsShown, ...]
    """Articles in stock that were not ordered, each with the rule that chose it."""
    code: CodeShown | None
    """The order's code, while it can be used."""
    socials: tuple[SocialChannel, ...]
    """The shop's accounts in the order's market."""
    share: ShareShown | None
    """What to pass on to a friend."""
    words: Words
    """What to write."""


@router.get(
    "/thanks/{token}",
    response_class=Response,
    responses={200: {"model": ShownBlock}, 304: {"description": "As it was."}, **answers(404, 422, 429)},
)
def show(app: Installed, token: Token, if_none_match: Annotated[str, Header(max_length=200)] = "") -> Response:
    """Give the block of an order: complements in stock, its code, the shop's accounts, what sharing earns."""
    page = _page(app, token)
    shop, order, block = thanks.public_block(app, page.shop_id, page.order_ref)
    body = _shown(app, shop, order, block).model_dump_json().encode()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {**OPEN, "ETag": tag, "Cache-Control": CACHED}
    if tag in {one.strip().removeprefix("W/") for one in if_none_match.split(",")}:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


@router.post("/thanks/{token}/clicks", status_code=204, responses=answers(404, 422, 429))
def click(
    app: Installed, token: Token, target: Annotated[Target, Query(description="What of the block was clicked.")]
) -> Response:
    """Note that a part of the block was clicked; each counts once per order."""
    page = _page(app, token)
    thanks.click(app, page.shop_id, page.order_ref, target)
    return Response(status_code=204, headers=OPEN)


@router.get(
    "/thanks.js", response_class=Response, responses={200: {"content": {"text/javascript": {}}}, **answers(429)}
)
def script() -> Response:
    """Give the script that puts the block where its tag stands."""
    headers = {**OPEN, "Cache-Control": "public, max-age=3600"}
    return Response(_script(), media_type="text/javascript", headers=headers)


@cache
def _script() -> bytes:
    return (PAGES / "thanks.js").read_bytes()


def _page(app: App, token: str) -> OrderPage:
    try:
        return read_thanks(app.key, token)
    except InvalidToken:
        raise thanks.NoSuchPage() from None


def _shown(app: App, shop: Shop, order: ThanksOrder, block: Block) -> ShownBlock:
    try:
        market = app.markets.get(order.market)
        language, zone = market.language, market.zones[0]
    except NotFound:
        language, zone = "en", shop.zone
    words: dict[str, Any] = words_of("thanks", language)
    spoken = language if words is not words_of("thanks", "en") else "en"
    goods = tuple(
        GoodsShown(**dict(one), price_text=str(one.price), because=words["because"][one.rule]) for one in block.goods
    )
    said = Words(
        title=words["title"], goods=words["goods"], code=words["code"], code_more=_code(zone, block.code, words),
        socials=words["socials"], share=words["share"], share_more=_reward(block.share, words),
    )  # fmt: skip
    return ShownBlock(
        language=spoken, goods=goods, code=block.code, socials=block.socials, share=block.share, words=said
    )


def _code(zone: str, code: CodeShown | None, words: dict[str, Any]) -> str:
    if code is None:
        return ""
    until = f"{code.expires_at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} ({zone.replace('_', ' ')})"
    return str(words["code_more"]).format(off=code.off, min_spend=code.min_spend, until=until)


def _reward(share: ShareShown | None, words: dict[str, Any]) -> str:
    if share is None:
        return ""
    reward = share.reward
    text = str(reward.amount) if reward.amount else str(words["points"]).format(points=f"{reward.points:,}")
    return str(words["share_more"]).format(reward=text)
