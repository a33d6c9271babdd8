"""What all group bots share: one bounded post to the vendor's own host, a verdict, retries; no secret in any reason."""

import json
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

from tenacity import Retrying, retry_if_result, stop_after_attempt, wait_random_exponential

from memory.domain.approval_rules import BotVendor
from memory.domain.base import Frozen
from memory.domain.errors import InvalidInput
from memory.domain.message import Accepted, Ambiguous, HandOff, Refused
from tools.channels.reach import Reach, Resolve, resolve_all
from tools.channels.waits import wait_seconds
from tools.channels.wire import Answer, NoAnswer, Wire

ATTEMPTS = 3
LONGEST_WAIT_SECONDS = 2
"""What asks for a longer wait is tried again in a later round, not here."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Said(Frozen):
    """What a bot says."""

    title: str
    """One line."""
    lines: tuple[str, ...]
    """Plain lines; no markup of any vendor."""
    link: str
    """Where it leads."""
    link_words: str
    """The words of the link."""


class BotAddress(Frozen):
    """Where a bot listens. Holds secrets: never logged, and `repr` shows none of it."""

    url: str
    """Its address, which lets whoever knows it post."""
    secret: str = ""
    """What signs messages; empty where the bot asks for no signature."""

    def __repr__(self) -> str:
        return "BotAddress(...)"

    __str__ = __repr__


class Bot(Protocol):
    """One vendor's contract."""

    vendor: BotVendor
    hosts: tuple[str, ...]
    """The vendor's own hosts; nothing else is posted to."""
    path: str
    """How the path of an address begins."""
    is_signed: bool
    """Whether the vendor knows a secret beside the address."""

    def request(self, address: BotAddress, said: Said, at: datetime) -> tuple[str, dict[str, Any]]:
        """Give where to post and the JSON body."""
        ...

    def verdict(self, answer: Answer, at: datetime) -> HandOff:
        """Say what an answer of 2xx or 4xx means."""
        ...


def post(
    bot: Bot,
    address: BotAddress,
    said: Said,
    at: datetime,
    *,
    allows_loopback: bool = False,
    resolve: Resolve = resolve_all,
    sleep: Callable[[float], None] = time.sleep,
) -> HandOff:
    """Post once, again where the vendor certainly did not take it and asks for a short wait at most (tenacity).

    An answer that is lost is `Ambiguous` and not repeated. Redirects are not followed, private addresses not dialled.
    """
    reach = Reach(hosts=(*bot.hosts, *(LOOPBACK if allows_loopback else ())), allows_loopback=allows_loopback)
    wire = Wire(reach, total_seconds=10.0, resolve=resolve)
    try:
        found: HandOff = Retrying(
            stop=stop_after_attempt(ATTEMPTS),
            wait=wait_random_exponential(multiplier=0.5, max=LONGEST_WAIT_SECONDS),
            retry=retry_if_result(_soon_again),
            retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
            sleep=sleep,
        )(_once, wire, bot, address, said, at)
    finally:
        wire.close()
    return _without_secrets(found, address)


def checked(bot: Bot, address: BotAddress, *, allows_loopback: bool = False) -> None:
    """Raise `InvalidInput` where an address is not the vendor's, or a secret is given that the vendor does not know."""
    try:
        parts = urlsplit(address.url)
        host, has_port = (parts.hostname or "").lower(), parts.port is not None
    except ValueError:
        host, has_port, parts = "", False, urlsplit("")
    is_local = allows_loopback and host in LOOPBACK
    is_theirs = parts.scheme == "https" and host in bot.hosts and not has_port and not parts.username
    if not (is_local or is_theirs) or not parts.path.startswith(bot.path):
        remedy = f"Copy the bot's address, which begins with https://{bot.hosts[0]}{bot.path}"
        raise InvalidInput(what="the bot's address", why=f"it is none of {bot.vendor}", remedy=remedy)
    if address.secret and not bot.is_signed:
        raise InvalidInput(what="the bot's secret", why=f"{bot.vendor} signs nothing", remedy="Leave it empty")


def json_code(answer: Answer, *names: str) -> tuple[int | None, str]:
    """Give the code under the first of the names and the words beside it; none where the body holds no such code."""
    try:
        body = json.loads(answer.body)
    except ValueError:
        return None, ""
    if not isinstance(body, dict):
        return None, ""
    words = str(body.get("errmsg") or body.get("msg") or body.get("StatusMessage") or "")
    for name in names:
        code = body.get(name)
        if isinstance(code, int) and not isinstance(code, bool):
            return code, words
    return None, words


def by_code(answer: Answer, at: datetime, names: tuple[str, ...], again: dict[int, int], vendor: BotVendor) -> HandOff:
    """Give the verdict of vendors that answer 200 with a code: 0 is taken, those in `again` may be tried after seconds.

    Without a code nobody can say whether it was taken.
    """
    code, words = json_code(answer, *names)
    if code is None:
        return Ambiguous(reason=f"{vendor} answered {answer.status} without a code")
    if code == 0 and answer.status < 300:
        return Accepted(receipt=vendor, at=at)
    said = f"{vendor} {code}: {words}"[:200]
    if code in again:
        return Refused(reason=said, is_retryable=True, after_seconds=again[code])
    return Refused(reason=said, is_retryable=False)


def _once(wire: Wire, bot: Bot, address: BotAddress, said: Said, at: datetime) -> HandOff:
    url, body = bot.request(address, said, at)
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    answer = wire.post(url, content, {"content-type": "application/json; charset=utf-8"})
    if isinstance(answer, NoAnswer):
        if answer.may_have_arrived:
            return Ambiguous(reason=answer.reason)
        return Refused(reason=answer.reason, is_retryable=answer.is_retryable, is_outage=True)
    if answer.status in (408, 425, 429, 503):
        wait = wait_seconds(answer.headers.get("retry-after") or answer.headers.get("x-ogw-ratelimit-reset"), at)
        return Refused(reason=f"http {answer.status}", is_retryable=True, is_outage=True, after_seconds=wait)
    if answer.status >= 500:
        return Ambiguous(reason=f"http {answer.status}")
    if 300 <= answer.status < 400:
        return Refused(reason=f"http {answer.status}", is_retryable=False)
    return bot.verdict(answer, at)


def _soon_again(found: HandOff) -> bool:
    return isinstance(found, Refused) and found.is_retryable and (found.after_seconds or 0) <= LONGEST_WAIT_SECONDS


def _without_secrets(found: HandOff, address: BotAddress) -> HandOff:
    """Vendors may repeat what was sent in their words; what lets somebody post must not get into a row or a log."""
    if isinstance(found, Accepted):
        return found
    parts = urlsplit(address.url)
    pieces = {address.url, address.secret, *(value for _, value in parse_qsl(parts.query)), *parts.path.split("/")}
    reason = found.reason
    for piece in sorted((one for one in pieces if len(one) >= 8), key=len, reverse=True):
        reason = reason.replace(piece, "…")
    return found.model_copy(update={"reason": reason})
