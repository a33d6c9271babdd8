"""Rules around approvals: mails, bots of chat groups, deputies, readers of a market's texts."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from fastapi import Path as PathParameter
from pydantic import Field

from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import approval_rules as rules
from memory.domain.approval_rules import ApprovalRules, BotVendor, ChatBot, RulesInForce, SpokenTo, Zone
from memory.domain.base import Frozen

router = APIRouter(prefix="/api/approval-rules", tags=["approval rules"], responses=GUARDED)
Reading = Annotated[Acting, Depends(needs("read"))]
Setting = Annotated[Acting, Depends(needs("admin"))]
Note = Annotated[str, Query(max_length=500, description="Why, in your words.")]
BotName = Annotated[str, PathParameter(pattern=r"^[a-z0-9][a-z0-9_.-]{0,39}$", description="What the shop calls it.")]


class BotSetting(Frozen):
    """A bot with its address."""

    vendor: BotVendor
    """Whose contract it speaks."""
    url: Annotated[str, Field(max_length=1000)] = ""
    """Its address, which is a secret; empty keeps the one that stands."""
    secret: Annotated[str, Field(max_length=200)] = ""
    """What signs its messages, where it asks for a signature (DingTalk, Feishu)."""
    zone: Zone = ""
    """By which clock it says an expiry; the shop's where it is empty."""
    language: SpokenTo = "en"
    """In which language it speaks."""


@router.get("")
def show(acting: Reading) -> RulesInForce:
    """Give the rules in force; no address or secret of a bot is among them."""
    return rules.show(acting)


@router.get("/history")
def history(acting: Reading) -> list[RulesInForce]:
    """Give every version the shop had, newest first."""
    return list(rules.history(acting))


@router.put("")
def put(acting: Setting, body: ApprovalRules, note: Note = "") -> RulesInForce:
    """Set all rules at once; a bot needs its address first."""
    return rules.put(acting, body, note)


@router.put("/bots/{name}")
def set_bot(acting: Setting, name: BotName, body: BotSetting) -> RulesInForce:
    """Add a chat group's bot, or put another address in its place; the address has to be the vendor's own."""
    bot = ChatBot(name=name, vendor=body.vendor, zone=body.zone, language=body.language)
    return rules.set_bot(acting, bot, body.url, body.secret)


@router.post("/bots/{name}/test")
def try_bot(acting: Setting, name: BotName) -> rules.BotAnswer:
    """Let a bot say that it is set up, and give what its vendor answered."""
    return rules.try_bot(acting, name)


@router.delete("/{kind}/{name}")
def forget(
    acting: Setting,
    kind: Literal["mail", "bot", "deputy", "reader"],
    name: Annotated[str, PathParameter(max_length=64, description="Principal, bot, approver or market.")],
) -> RulesInForce:
    """Take one entry away; a bot's address and secret with it."""
    return rules.forget(acting, kind, name)
