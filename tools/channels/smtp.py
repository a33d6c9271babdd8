"""SMTP: a blind provider. Once the body is on its way, only a clear answer settles what happened."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from threading import Timer
from urllib.parse import unquote, urlsplit

from memory.domain.clock import Clock
from memory.domain.errors import InvalidInput
from memory.domain.message import Accepted, Ambiguous, HandOff, ProviderKind, Refused, Rendered

from .mail import mail_bytes
from .signing import DkimKey, signed


class SmtpSender:
    """Sends one mail per connection over `smtp://user:password@host:port` (STARTTLS when offered) or `smtps://`."""

    name = "smtp"
    kind: ProviderKind = "blind"
    is_live = True
    key_life: timedelta | None = timedelta(0)

    def __init__(
        self,
        url: str,
        clock: Clock,
        *,
        timeout_seconds: float = 20.0,
        dkim: DkimKey | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Send through the server at `url`, signed with `dkim`; raise `InvalidInput` where it is no SMTP address.

        Connecting and sending end after `timeout_seconds` each, whatever the server does.
        """
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise InvalidInput(
                what="SMTP address", why="it is not smtp://host:port", remedy="Set SECONDORDER_SMTP_URL."
            )
        self._is_tls = parts.scheme == "smtps"
        self._host, self._port = parts.hostname, parts.port or (465 if self._is_tls else 587)
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._clock, self._timeout, self._dkim = clock, timeout_seconds, dkim
        self._tls = tls or ssl.create_default_context()

    def hand_off(self, message: Rendered) -> HandOff:
        """Send; refused before the body leaves, ambiguous when the answer to the body is lost."""
        try:
            content = mail_bytes(message, self._clock.now())
            content = signed(content, self._dkim) if self._dkim else content
        except ValueError as problem:
            return Refused(reason=f"malformed: {problem}"[:200], is_retryable=False)
        try:
            server = self._connect()
        except (OSError, smtplib.SMTPException) as problem:
            return Refused(reason=f"connect: {problem}"[:200], is_retryable=True, is_outage=True)
        try:
            with _ends_after(self._timeout, server.sock):
                return self._send(server, message, content)
        finally:
            server.close()

    def _connect(self) -> smtplib.SMTP:
        raw = socket.create_connection((self._host, self._port), self._timeout)
        with _ends_after(self._timeout, raw):
            try:
                server = _over(self._tls.wrap_socket(raw, server_hostname=self._host) if self._is_tls else raw)
                vars(server)["_host"] = self._host  # the name that STARTTLS checks
                server.ehlo()
                if not self._is_tls and server.has_extn("starttls"):
                    server.starttls(context=self._tls)
                if self._user:
                    server.login(self._user, self._password)
                return server
            except BaseException:
                raw.close()
                raise

    def _send(self, server: smtplib.SMTP, message: Rendered, content: bytes) -> HandOff:
        try:
            server.ehlo_or_helo_if_needed()
            for code, answer in (server.mail(_address(message.sender)), server.rcpt(message.to)):
                if code not in (250, 251):
                    return _refused(code, answer)
        except (OSError, smtplib.SMTPException) as problem:
            return Refused(reason=f"envelope: {problem}"[:200], is_retryable=True, is_outage=True)
        try:
            code, answer = server.data(content)
        except smtplib.SMTPDataError as problem:  # the server would not even take the body
            return _refused(problem.smtp_code, problem.smtp_error)
        except (OSError, smtplib.SMTPException) as problem:
            return Ambiguous(reason=f"answer lost: {type(problem).__name__}")
        if code != 250:
            return _refused(code, answer)
        return Accepted(receipt=answer.decode("utf-8", "replace")[:200], at=self._clock.now())


def _over(raw: socket.socket) -> smtplib.SMTP:
    """Give a client over a socket that is connected already."""
    server = smtplib.SMTP()
    server.sock, server.file = raw, None
    code, said = server.getreply()
    if code != 220:
        raise smtplib.SMTPConnectError(code, said)
    return server


@contextmanager
def _ends_after(seconds: float, raw: socket.socket | None) -> Iterator[None]:
    """Cut the connection when the time is over: timeouts of single reads do not end a server that drips."""

    def cut() -> None:
        with suppress(OSError):
            if raw is not None:
                raw.shutdown(socket.SHUT_RDWR)

    watch = Timer(seconds, cut)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()


def _refused(code: int, answer: bytes | str) -> Refused:
    """Judge by the enhanced code where there is one (RFC 3463): 5.1.x says that the address is no good."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    is_dead = 500 <= code < 600 and text.startswith(("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"))
    return Refused(
        reason=f"{code} {text}"[:200],
        is_retryable=400 <= code < 500,
        ends_address="hard_bounce" if is_dead else None,
    )


def _address(sender: str) -> str:
    from email.utils import parseaddr

    return parseaddr(sender)[1]
