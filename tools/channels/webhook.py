"""A signed webhook for SMS and push: Standard Webhooks signature, idempotency key, nothing followed, all bounded."""

import json
import ssl
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlsplit

from memory.domain.clock import Clock
from memory.domain.message import Accepted, Ambiguous, HandOff, ProviderKind, Refused, Rendered

from .reach import Reach, Resolve, resolve_all
from .waits import wait_seconds
from .wire import Answer, NoAnswer, Wire


class WebhookSender:
    """Posts JSON to one address; the receiver deduplicates by `webhook-id`, the key of step, recipient and content."""

    name = "webhook"
    kind: ProviderKind = "keyed"
    is_live = True

    def __init__(
        self,
        url: str,
        secret: str,
        clock: Clock,
        *,
        timeout_seconds: float = 10.0,
        key_life: timedelta | None = timedelta(hours=24),
        reach: Reach | None = None,
        hosts: Mapping[str, tuple[str, ...]] | None = None,
        tls: ssl.SSLContext | None = None,
        resolve: Resolve = resolve_all,
    ) -> None:
        """Post to `url`, signing with `secret` (`whsec_...`); the receiver keeps keys for `key_life`.

        `hosts` is the allow-list per shop: where it is given, a shop that it does not name posts nowhere.
        """
        from standardwebhooks import Webhook

        self.key_life = key_life
        self._url, self._clock, self._hosts = url, clock, hosts
        self._signer = Webhook(secret)
        self._wire = Wire(reach or Reach(), total_seconds=timeout_seconds, tls=tls, resolve=resolve)

    def hand_off(self, message: Rendered) -> HandOff:
        """Post; 2xx is accepted, 408, 425, 429 and 503 may be tried again, other 4xx are refused for good.

        Receivers answer 409 where the key was used with another body: that is an error, never a send.
        """
        if self._hosts is not None and not self._is_allowed(message.shop_id):
            return Refused(reason="host_not_allowed", is_retryable=False)
        body = json.dumps(_payload(message), ensure_ascii=False, separators=(",", ":"))
        answer = self._wire.post(self._url, body.encode(), self._headers(message, body))
        if isinstance(answer, NoAnswer):
            if answer.may_have_arrived:
                return Ambiguous(reason=answer.reason)
            return Refused(reason=answer.reason, is_retryable=answer.is_retryable, is_outage=True)
        return self._judge(answer, message)

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()

    def _is_allowed(self, shop_id: str) -> bool:
        host = (urlsplit(self._url).hostname or "").lower()
        return host in (self._hosts or {}).get(shop_id, ())

    def _headers(self, message: Rendered, body: str) -> dict[str, str]:
        now = self._clock.now()
        return {
            "content-type": "application/json",
            "idempotency-key": message.idempotency_key,
            "webhook-id": message.idempotency_key,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._signer.sign(message.idempotency_key, now, body),
        }

    def _judge(self, answer: Answer, message: Rendered) -> HandOff:
        status, now = answer.status, self._clock.now()
        if 200 <= status < 300:
            return Accepted(receipt=answer.headers.get("x-receipt", "")[:200] or message.idempotency_key, at=now)
        if status == 409:
            return Refused(reason="key_reused", is_retryable=False)
        if status in (408, 425, 429, 503):
            wait = wait_seconds(answer.headers.get("retry-after"), now)
            return Refused(reason=f"http {status}", is_retryable=True, is_outage=True, after_seconds=wait)
        if status >= 500:
            return Ambiguous(reason=f"http {status}")
        return Refused(reason=f"http {status}", is_retryable=False)


def _payload(message: Rendered) -> dict[str, str]:
    return {
        "id": message.send_key,
        "shop_id": message.shop_id,
        "channel": message.channel,
        "class": message.message_class,
        "to": message.to,
        "title": message.subject,
        "text": message.text,
        "link": message.link,
        "language": message.language,
        "unsubscribe_url": message.unsubscribe_url,
    }
