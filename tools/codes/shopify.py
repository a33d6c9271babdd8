"""Codes over Shopify's GraphQL Admin API: one discount per offer, its codes added in bulk.

Built from Shopify's documented contract of version 2026-07 (docs/codes.md names the pages) and verified against a local
server that speaks it; a live shop was never asked. Codes are compared without regard to case there.
"""

import json
import ssl
from collections.abc import Mapping, Sequence
from datetime import UTC
from decimal import Decimal
from typing import Any

from tenacity import RetryCallState, Retrying, retry_if_result, stop_after_attempt

from memory.domain.clock import Clock
from tools.channels.reach import Reach
from tools.channels.waits import wait_seconds
from tools.channels.wire import Answer, NoAnswer, Wire

from .shop import Declined, JobEnd, Made, NotNow, Worth

VERSION = "2026-07"
BATCH = 250
"""Most codes that `discountRedeemCodeBulkAdd` takes at once."""
LOOKED_UP = 50
"""Codes asked for in one query: each costs a point of the shop's allowance."""
ATTEMPTS = 4
LONGEST_WAIT = 10.0
"""Seconds a busy shop is waited for at once; after that the next round asks."""

CREATE = """mutation($discount: DiscountCodeBasicInput!) {
  discountCodeBasicCreate(basicCodeDiscount: $discount) {
    codeDiscountNode { id } userErrors { field code message }
  }
}"""
ADD = """mutation($id: ID!, $codes: [DiscountRedeemCodeInput!]!) {
  discountRedeemCodeBulkAdd(discountId: $id, codes: $codes) {
    bulkCreation { id } userErrors { field code message }
  }
}"""
LOOK = """query($id: ID!, $first: Int!) {
  discountRedeemCodeBulkCreation(id: $id) {
    done codes(first: $first) { nodes { code discountRedeemCode { id } errors { code message } } }
  }
}"""


class _Busy(NotNow):
    """A shop that asks us to wait, and for how long."""

    seconds: float = 1.0


class ShopifyCodes:
    """Asks one shop. A mutation whose answer is lost is never repeated here: `find` says what became of it."""

    def __init__(
        self,
        url: str,
        token: str,
        clock: Clock,
        *,
        reach: Reach | None = None,
        timeout_seconds: float = 15.0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Ask the shop at `url` (scheme and host) with an Admin API token that has `write_discounts`."""
        self._url, self._clock = f"{url.rstrip('/')}/admin/api/{VERSION}/graphql.json", clock
        self._headers = {
            "x-shopify-access-token": token,
            "content-type": "application/json",
            "accept": "application/json",
        }
        self._wire = Wire(reach or Reach(), total_seconds=timeout_seconds, tls=tls)

    @property
    def batch(self) -> int:
        """How many codes it takes at once."""
        return BATCH

    def find(self, codes: Sequence[str]) -> Mapping[str, str] | NotNow:
        """Give the discount that each code belongs to, by `codeDiscountNodeByCode`."""
        found: dict[str, str] = {}
        for start in range(0, len(codes), LOOKED_UP):
            part = codes[start : start + LOOKED_UP]
            named = ", ".join(f"$c{n}: String!" for n in range(len(part)))
            asked = " ".join(f"c{n}: codeDiscountNodeByCode(code: $c{n}) {{ id }}" for n in range(len(part)))
            said = self._ask(f"query({named}) {{ {asked} }}", {f"c{n}": code for n, code in enumerate(part)})
            if isinstance(said, NotNow):
                return said
            for n, code in enumerate(part):
                if name := _text(said.get(f"c{n}"), "id"):
                    found[code] = name
        return found

    def create(self, worth: Worth, code: str) -> Made | Declined | NotNow:
        """Make the discount, for one use per code and one code per customer."""
        said = self._ask(CREATE, {"discount": _discount(worth, code)})
        return said if isinstance(said, NotNow) else _made(said, "discountCodeBasicCreate", "codeDiscountNode")

    def add(self, discount: str, codes: Sequence[str]) -> Made | Declined | NotNow:
        """Begin a bulk creation."""
        said = self._ask(ADD, {"id": discount, "codes": [{"code": code} for code in codes]})
        return said if isinstance(said, NotNow) else _made(said, "discountRedeemCodeBulkAdd", "bulkCreation")

    def look(self, job: str) -> JobEnd | Declined | NotNow | None:
        """Ask for a bulk creation's end."""
        said = self._ask(LOOK, {"id": job, "first": BATCH})
        if isinstance(said, NotNow):
            return said
        creation = said.get("discountRedeemCodeBulkCreation")
        if not isinstance(creation, dict):
            return Declined("NOT_FOUND", "the shop knows no such bulk creation")
        if creation.get("done") is not True:
            return None
        codes = creation.get("codes")
        nodes = codes.get("nodes") if isinstance(codes, dict) else None
        rows = [node for node in nodes or () if isinstance(node, dict) and isinstance(node.get("code"), str)]
        made = frozenset(row["code"] for row in rows if _text(row.get("discountRedeemCode"), "id"))
        errors = {row["code"]: _first_error(row.get("errors")).code for row in rows if row["code"] not in made}
        return JobEnd(made, errors)

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()

    def _ask(self, query: str, variables: Mapping[str, Any]) -> dict[str, Any] | NotNow:
        """Ask once, again only where the shop said that it did nothing because it is busy."""
        content = json.dumps({"query": query, "variables": variables}).encode()
        found: dict[str, Any] | NotNow = Retrying(
            stop=stop_after_attempt(ATTEMPTS),
            wait=_asked_wait,
            retry=retry_if_result(lambda said: isinstance(said, _Busy)),
            retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
        )(self._once, content)
        return found

    def _once(self, content: bytes) -> dict[str, Any] | NotNow:
        answer = self._wire.post(self._url, content, self._headers)
        if isinstance(answer, NoAnswer):
            return NotNow(answer.reason, is_ours=not answer.is_retryable)
        if answer.status == 429:
            return _busy("http 429", wait_seconds(answer.headers.get("retry-after"), self._clock.now()))
        if answer.status in (401, 402, 403, 404, 423):
            return NotNow(f"http {answer.status}", is_ours=True)
        said = _json(answer)
        if answer.status != 200 or said is None:
            return NotNow(f"http {answer.status}")
        if refusal := _refusal(said):
            return refusal
        data = said.get("data")
        return data if isinstance(data, dict) else NotNow("an answer without data")


def _discount(worth: Worth, code: str) -> dict[str, Any]:
    """Give the `DiscountCodeBasicInput`; `usageLimit` counts per code."""
    if worth.off is not None:
        value: dict[str, Any] = {"discountAmount": {"amount": _major(worth.off.major()), "appliesOnEachItem": False}}
    else:
        value = {"percentage": worth.rate}
    given = {
        "title": worth.title,
        "code": code,
        "startsAt": worth.starts_at.astimezone(UTC).isoformat(),
        "endsAt": worth.ends_at.astimezone(UTC).isoformat(),
        "usageLimit": worth.uses,
        "appliesOncePerCustomer": worth.uses == 1,
        "context": {"all": "ALL"},
        "customerGets": {"value": value, "items": {"all": True}},
    }
    if worth.min_spend.amount_minor > 0:
        least = {"greaterThanOrEqualToSubtotal": _major(worth.min_spend.major())}
        given["minimumRequirement"] = {"subtotal": least}
    return given


def _major(sum_: Decimal) -> str:
    return format(sum_, "f")


def _made(said: Mapping[str, Any], mutation: str, node: str) -> Made | Declined | NotNow:
    payload = said.get(mutation)
    if not isinstance(payload, dict):
        return NotNow(f"an answer without {mutation}")
    if payload.get("userErrors"):
        return _first_error(payload["userErrors"])
    name = _text(payload.get(node), "id")
    return Made(name) if name else NotNow(f"an answer without {node}")


def _first_error(errors: Any) -> Declined:
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    return Declined(str(first.get("code") or "INVALID")[:60], str(first.get("message") or "no reason given")[:200])


def _refusal(said: Mapping[str, Any]) -> NotNow | None:
    """Give why a query was not answered: busy, not allowed, or broken."""
    errors = said.get("errors")
    if not errors:
        return None
    first = errors[0] if isinstance(errors, list) and isinstance(errors[0], dict) else {}
    more = first.get("extensions")
    code = str(more.get("code", "")) if isinstance(more, dict) else ""
    if code == "THROTTLED" or first.get("message") == "Throttled":
        return _busy("throttled", _restored(said))
    return NotNow(code.lower() or "graphql error", is_ours=code in ("ACCESS_DENIED", "UNAUTHORIZED", "SHOP_INACTIVE"))


def _restored(said: Mapping[str, Any]) -> float | None:
    """Give the seconds until the shop's allowance holds what the query costs."""
    try:
        cost = said["extensions"]["cost"]
        status = cost["throttleStatus"]
        return float(cost["requestedQueryCost"] - status["currentlyAvailable"]) / float(status["restoreRate"])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None


def _busy(reason: str, seconds: float | None) -> NotNow:
    busy = _Busy(reason)
    busy.seconds = max(0.1, min(LONGEST_WAIT, 1.0 if seconds is None else seconds))
    return busy


def _asked_wait(state: RetryCallState) -> float:
    said = state.outcome.result() if state.outcome else None
    return said.seconds if isinstance(said, _Busy) else 1.0


def _json(answer: Answer) -> dict[str, Any] | None:
    if not answer.is_whole:
        return None
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _text(node: Any, name: str) -> str:
    found = node.get(name) if isinstance(node, dict) else None
    return found if isinstance(found, str) else ""
