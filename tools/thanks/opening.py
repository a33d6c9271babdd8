"""Opening an order's page: the arm its customer is in, its code, and the code a friend comes with."""

import base64
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

from memory.domain.canonical import unit_interval
from memory.domain.outcome import Blocked
from memory.domain.thanks import OFF, PLAIN, WITHHELD, ThanksOrder, ThanksSettings

CODE_BYTES = 10
"""80 bits in sixteen letters and digits: nobody guesses a code, and a person can type one."""
CODE_HEAD, SHARE_HEAD = "THX-", "R-"


def experiment_id(shop_id: str) -> str:
    """Give the name under which people are drawn for the page."""
    return f"thanks:{shop_id}"


def arm_of(key: bytes, shop_id: str, who: str, settings: ThanksSettings) -> str:
    """Give the arm of a customer by keyed hash: plain for `plain_rate` of them, the variants evenly for the others.

    The same customer keeps the arm over all orders while the settings stay.
    """
    place = unit_interval(key, "arm", experiment_id(shop_id), who)
    if place < settings.plain_rate:
        return PLAIN
    share = (place - settings.plain_rate) / (1 - settings.plain_rate)
    return settings.variants[min(int(share * len(settings.variants)), len(settings.variants) - 1)].id


def opened(
    key: bytes,
    shop_id: str,
    order: ThanksOrder,
    settings: ThanksSettings,
    now: datetime,
    *,
    is_withheld: bool,
    refused: Sequence[Blocked] = (),
) -> ThanksOrder:
    """Give the order with its arm and its codes; an order that names nobody has no code, which would bind nobody.

    `refused` is what guardrails say against a code now: there is none then, and the order says why.
    """
    who = order.person_id or f"order:{order.order_ref}"
    drawn = arm_of(key, shop_id, who, settings) if settings.is_on else OFF
    arm = WITHHELD if is_withheld else drawn
    parts, code = settings.parts_of(arm), settings.code
    given: dict[str, object] = {"arm": arm, "opened_at": now}
    if order.person_id and code is not None and "code" in parts and refused:
        given["code_refused"] = refused[0].code
    elif order.person_id and code is not None and "code" in parts:
        given |= {
            "code": CODE_HEAD + _word(key, "code", shop_id, order.order_ref),
            "code_expires_at": now + timedelta(hours=code.hours),
            "code_off": code.off,
            "code_min_spend": code.min_spend,
        }
    if order.person_id and "share" in parts and order.market in settings.share:
        given["share_code"] = SHARE_HEAD + _word(key, "share", shop_id, order.person_id)
    return order.model_copy(update=given)


def _word(key: bytes, purpose: str, *parts: str) -> str:
    text = "\x1f".join((f"second-order/thanks-{purpose}@1", *parts)).encode()
    return base64.b32encode(hmac.digest(key, text, "sha256")[:CODE_BYTES]).decode().rstrip("=")
