"""HTTP clients of one session: one records the model's traffic, one can only read it back."""

import time
from collections.abc import Callable, Sequence

import httpx2

from memory.domain.errors import SecondOrderError

from .cassette import KEPT_HEADERS, Exchange, body_difference, endpoint_path, same_body
from .deadline import is_over, within

MAX_ANSWER_BYTES = 1_000_000
"""More than any honest answer; a larger one is cut off and refused."""


class AnswerTooLarge(SecondOrderError):
    """The model endpoint sent more than {limit} bytes; check that the address points to a chat endpoint."""

    http_status = 502


class AnswerTooSlow(SecondOrderError):
    """The model endpoint needed more than {seconds} s for one answer; raise the limit or choose a faster one."""

    http_status = 504


class CassetteMiss(SecondOrderError):
    """The replay asked something the recording does not hold: {why}. The code or the prompts drifted."""

    http_status = 409


class RecordingTransport(httpx2.BaseTransport):
    """Passes requests on and hands each finished exchange to `keep`; bounded in bytes and seconds."""

    def __init__(
        self,
        inner: httpx2.BaseTransport,
        keep: Callable[[Exchange], None],
        *,
        seconds: float = 300.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Wrap the transport that reaches the endpoint; `seconds` bounds one answer from first to last byte.

        A `TimedTransport` below is held to them while it waits for a byte, headers included.
        """
        self._inner, self._keep, self._seconds, self._monotonic = inner, keep, seconds, monotonic

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send, read the whole answer, keep it, and give it back."""
        ends = self._monotonic() + self._seconds
        with within(self._seconds) as seconds:
            try:
                response = self._inner.handle_request(request)
                try:
                    body = self._read(response, ends)
                finally:
                    response.close()
            except httpx2.TimeoutException:
                if is_over():
                    raise AnswerTooSlow(seconds=f"{seconds:.3g}") from None
                raise
        headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
        exchange = Exchange(
            method=request.method,
            path=endpoint_path(str(request.url)),
            body=request.read().decode("utf-8", "replace"),
            status=response.status_code,
            headers=headers,
            answer=body.decode("utf-8", "replace"),
        )
        self._keep(exchange)
        return httpx2.Response(response.status_code, headers=headers, content=body, request=request)

    def close(self) -> None:
        """Close the transport below."""
        self._inner.close()

    def _read(self, response: httpx2.Response, ends: float) -> bytes:
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > MAX_ANSWER_BYTES:
                raise AnswerTooLarge(limit=MAX_ANSWER_BYTES)
            if self._monotonic() > ends:
                raise AnswerTooSlow(seconds=self._seconds)
        return bytes(body)


class PlaybackTransport(httpx2.BaseTransport):
    """Answers from a recording, in its order, and from nothing else: there is no network behind it."""

    def __init__(self, exchanges: Sequence[Exchange]) -> None:
        """Play these exchanges."""
        self._exchanges = list(exchanges)
        self.n_played = 0
        self.drift: list[str] = []

    @property
    def n_left(self) -> int:
        """How many recorded exchanges were not played."""
        return len(self._exchanges) - self.n_played

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Give the next recorded answer; raise `CassetteMiss` where the request is not the recorded one."""
        number = self.n_played + 1
        if not self.n_left:
            raise self._miss(f"request {number} comes after the last recorded one")
        exchange = self._exchanges[self.n_played]
        body = request.read().decode("utf-8", "replace")
        if (request.method, endpoint_path(str(request.url))) != (exchange.method, exchange.path):
            raise self._miss(f"request {number} goes to {request.method} {endpoint_path(str(request.url))}")
        if not same_body(body, exchange.body):
            raise self._miss(f"request {number} differs at {body_difference(exchange.body, body)}")
        self.n_played += 1
        return httpx2.Response(
            exchange.status, headers=exchange.headers, content=exchange.answer.encode(), request=request
        )

    def _miss(self, why: str) -> CassetteMiss:
        self.drift.append(why)
        return CassetteMiss(why=why)
