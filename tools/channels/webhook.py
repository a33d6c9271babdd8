"""A signed webhook for SMS and push: Standard Webhooks signature, idempotency key, nothing followed, all bounded."""

import json
from datetime import timedelta

from memory.domain.clock import Clock
from memory.domain.message import Accepted, Ambiguous, HandOff, ProviderKind, Refused, Rendered

MAX_ANSWER_BYTES = 64 * 1024


class WebhookSender:
    """Posts JSON to one address; the receiver deduplicates by `webhook-id`, which is the send key."""

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
    ) -> None:
        """Post to `url`, signing with `secret` (`whsec_...`); the receiver keeps keys for `key_life`."""
        import httpx
        from standardwebhooks import Webhook

        self.key_life = key_life
        self._url, self._clock, self._total_seconds = url, clock, timeout_seconds
        self._signer = Webhook(secret)
        self._client = httpx.Client(timeout=timeout_seconds, follow_redirects=False, trust_env=False)

    def hand_off(self, message: Rendered) -> HandOff:
        """Post; 2xx is accepted, 408, 409, 425, 429 and 503 may be tried again, other 4xx are refused for good."""
        import httpx

        body = json.dumps(_payload(message), ensure_ascii=False, separators=(",", ":"))
        try:
            with self._client.stream("POST", self._url, content=body, headers=self._headers(message, body)) as answer:
                self._read(answer)
                return self._judge(answer.status_code, answer.headers.get("x-receipt", ""), message)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol, httpx.InvalidURL) as problem:
            return Refused(reason=f"connect: {type(problem).__name__}", is_retryable=True)
        except httpx.HTTPError as problem:
            return Ambiguous(reason=f"answer lost: {type(problem).__name__}")

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _headers(self, message: Rendered, body: str) -> dict[str, str]:
        now = self._clock.now()
        return {
            "content-type": "application/json",
            "idempotency-key": message.send_key,
            "webhook-id": message.send_key,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._signer.sign(message.send_key, now, body),
        }

    def _read(self, answer: object) -> None:
        """Read the answer away, at most `MAX_ANSWER_BYTES` and no longer than the time allowed."""
        import time

        import httpx

        assert isinstance(answer, httpx.Response)
        ends, n_bytes = time.monotonic() + self._total_seconds, 0
        for chunk in answer.iter_raw(4096):
            n_bytes += len(chunk)
            if n_bytes > MAX_ANSWER_BYTES or time.monotonic() > ends:
                return

    def _judge(self, status: int, receipt: str, message: Rendered) -> HandOff:
        if 200 <= status < 300:
            return Accepted(receipt=receipt[:200] or message.send_key, at=self._clock.now())
        if status in (408, 425, 429, 503):
            return Refused(reason=f"http {status}", is_retryable=True)
        if status >= 500:
            return Ambiguous(reason=f"http {status}")
        return Refused(reason=f"http {status}", is_retryable=False)


def _payload(message: Rendered) -> dict[str, str]:
    return {
        "id": message.send_key,
        "channel": message.channel,
        "class": message.message_class,
        "to": message.to,
        "title": message.subject,
        "text": message.text,
        "language": message.language,
        "unsubscribe_url": message.unsubscribe_url,
    }
