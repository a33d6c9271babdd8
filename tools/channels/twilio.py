"""SMS over the Twilio-compatible HTTP contract: queryable, because it knows no idempotency key but lists what it took.

Built from Twilio's documented contract (docs/channels.md names the pages) and verified against a local server that
speaks it; the live service was never called. A message that the list does not show proves nothing: it stays unknown.
"""

import json
import ssl
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Literal
from urllib.parse import quote, urlencode

from memory.domain.base import Frozen
from memory.domain.clock import Clock
from memory.domain.message import Accepted, Ambiguous, HandOff, ProviderKind, Refused, Rendered

from .reach import Reach
from .waits import wait_seconds
from .wire import Answer, NoAnswer, Wire

API = "https://api.twilio.com"
CLOCK_SLACK = timedelta(seconds=5)
"""The provider's clock may run behind ours by so much."""
ENDED: dict[int, Literal["hard_bounce", "unsubscribed"]] = {
    21610: "unsubscribed",  # the number answered STOP to this sender
    21211: "hard_bounce",  # no valid number
    21614: "hard_bounce",  # not a mobile number
}
"""Error codes after which the number is not written to any more."""


class TwilioAccount(Frozen):
    """Whose messages they are. Holds a secret: never logged."""

    account_sid: str
    """AC and 32 hex digits."""
    auth_token: str
    """Signs in and signs callbacks."""
    sender: str
    """The From number or name, or the sid (`MG...`) of a messaging service."""
    api: str = API
    """Where the contract is spoken."""


class TwilioSender:
    """Posts one message at a time; what is ambiguous is looked up, never posted again."""

    name = "twilio"
    kind: ProviderKind = "queryable"
    is_live = True
    key_life: timedelta | None = timedelta(0)

    def __init__(
        self,
        account: TwilioAccount,
        clock: Clock,
        *,
        callback_url: str = "",
        timeout_seconds: float = 10.0,
        reach: Reach | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Post as `account`; statuses go to `callback_url`, in which `{shop_id}` and `{send_key}` are filled."""
        self._account, self._clock, self._callback = account, clock, callback_url
        self._url = f"{account.api.rstrip('/')}/2010-04-01/Accounts/{quote(account.account_sid)}/Messages.json"
        signed = b64encode(f"{account.account_sid}:{account.auth_token}".encode()).decode()
        self._headers = {"authorization": f"Basic {signed}", "accept": "application/json"}
        self._wire = Wire(reach or Reach(), total_seconds=timeout_seconds, tls=tls)

    def hand_off(self, message: Rendered) -> HandOff:
        """Post; only a 2xx with the message's sid is accepted, and 5xx says nothing about what happened."""
        headers = {**self._headers, "content-type": "application/x-www-form-urlencoded"}
        answer = self._wire.post(self._url, urlencode(self._form(message)).encode(), headers)
        if isinstance(answer, NoAnswer):
            if answer.may_have_arrived:
                return Ambiguous(reason=answer.reason)
            return Refused(reason=answer.reason, is_retryable=answer.is_retryable, is_outage=True)
        return self._judge(answer)

    def look_up(self, message: Rendered, since: datetime, known: frozenset[str]) -> HandOff:
        """Ask for messages to the number since the claim and compare their text."""
        query = urlencode({"To": message.to, "DateSent>": since.astimezone(UTC).strftime("%Y-%m-%d"), "PageSize": 50})
        answer = self._wire.get(f"{self._url}?{query}", self._headers)
        if isinstance(answer, NoAnswer):
            return Ambiguous(reason=answer.reason)
        rows = _json(answer).get("messages")
        if answer.status != 200 or not isinstance(rows, list):
            return Ambiguous(reason=f"http {answer.status}")
        for row in rows:
            if _is_it(row, message, since - CLOCK_SLACK) and row["sid"] not in known:
                return Accepted(receipt=row["sid"][:200], at=self._clock.now())
        return Refused(reason="not_listed", is_retryable=False)

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()

    def _form(self, message: Rendered) -> dict[str, str]:
        by = "MessagingServiceSid" if self._account.sender.startswith("MG") else "From"
        form = {"To": message.to, "Body": message.text, by: self._account.sender}
        if self._callback:
            filled = self._callback.replace("{shop_id}", quote(message.shop_id, safe=""))
            form["StatusCallback"] = filled.replace("{send_key}", quote(message.send_key, safe=""))
        return form

    def _judge(self, answer: Answer) -> HandOff:
        status, now, said = answer.status, self._clock.now(), _json(answer)
        sid, code = said.get("sid"), said.get("code")
        if 200 <= status < 300:
            if isinstance(sid, str) and sid and not said.get("error_code"):
                return Accepted(receipt=sid[:200], at=now)
            return Ambiguous(reason=f"http {status} without a message sid")
        if status == 429:
            wait = wait_seconds(answer.headers.get("retry-after"), now)
            return Refused(reason="http 429", is_retryable=True, is_outage=True, after_seconds=wait)
        if status in (401, 403, 404):  # our account, not this message: everything waits until it is set right
            return Refused(reason=f"account: http {status}", is_retryable=True, is_outage=True)
        if status >= 500 or status < 200:
            return Ambiguous(reason=f"http {status}")
        ended = ENDED.get(code) if isinstance(code, int) else None
        return Refused(reason=f"http {status} {code or ''}".strip(), is_retryable=False, ends_address=ended)


def _json(answer: Answer) -> dict[str, Any]:
    if not answer.is_whole:
        return {}
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _is_it(row: Any, message: Rendered, since: datetime) -> bool:
    if not isinstance(row, dict) or not isinstance(row.get("sid"), str) or row.get("to") != message.to:
        return False
    try:
        made_at = parsedate_to_datetime(str(row.get("date_created")))
    except (ValueError, TypeError, IndexError):
        return False
    made_at = made_at if made_at.tzinfo else made_at.replace(tzinfo=UTC)
    return made_at >= since and str(row.get("body", "")).endswith(message.text)
