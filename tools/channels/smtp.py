"""SMTP: a blind provider. Once the body is on its way, only a clear answer settles what happened."""

import smtplib
import ssl
from datetime import timedelta
from urllib.parse import unquote, urlsplit

from memory.domain.clock import Clock
from memory.domain.errors import InvalidInput
from memory.domain.message import Accepted, Ambiguous, HandOff, ProviderKind, Refused, Rendered

from .mail import mail_bytes


class SmtpSender:
    """Sends one mail per connection over `smtp://user:password@host:port` (STARTTLS when offered) or `smtps://`."""

    name = "smtp"
    kind: ProviderKind = "blind"
    is_live = True
    key_life: timedelta | None = timedelta(0)

    def __init__(self, url: str, clock: Clock, *, timeout_seconds: float = 20.0) -> None:
        """Send through the server at `url`; raise `InvalidInput` where it is no SMTP address."""
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise InvalidInput(
                what="SMTP address", why="it is not smtp://host:port", remedy="Set SECONDORDER_SMTP_URL."
            )
        self._is_tls = parts.scheme == "smtps"
        self._host, self._port = parts.hostname, parts.port or (465 if self._is_tls else 587)
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._clock, self._timeout = clock, timeout_seconds

    def hand_off(self, message: Rendered) -> HandOff:
        """Send; refused before the body leaves, ambiguous when the answer to the body is lost."""
        try:
            content = mail_bytes(message, self._clock.now())
        except ValueError as problem:
            return Refused(reason=f"malformed: {problem}"[:200], is_retryable=False)
        try:
            server = self._connect()
        except (OSError, smtplib.SMTPException) as problem:
            return Refused(reason=f"connect: {problem}"[:200], is_retryable=True)
        try:
            return self._send(server, message, content)
        finally:
            server.close()

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._is_tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self._host, self._port, timeout=self._timeout, context=context)
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=self._timeout)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=context)
        if self._user:
            server.login(self._user, self._password)
        return server

    def _send(self, server: smtplib.SMTP, message: Rendered, content: bytes) -> HandOff:
        try:
            server.ehlo_or_helo_if_needed()
            for code, answer in (server.mail(_address(message.sender)), server.rcpt(message.to)):
                if code not in (250, 251):
                    return _refused(code, answer)
        except (OSError, smtplib.SMTPException) as problem:
            return Refused(reason=f"envelope: {problem}"[:200], is_retryable=True)
        try:
            code, answer = server.data(content)
        except smtplib.SMTPDataError as problem:  # the server would not even take the body
            return _refused(problem.smtp_code, problem.smtp_error)
        except (OSError, smtplib.SMTPException) as problem:
            return Ambiguous(reason=f"answer lost: {type(problem).__name__}")
        if code != 250:
            return _refused(code, answer)
        return Accepted(receipt=answer.decode("utf-8", "replace")[:200], at=self._clock.now())


def _refused(code: int, answer: bytes | str) -> Refused:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return Refused(reason=f"{code} {text}"[:200], is_retryable=400 <= code < 500)


def _address(sender: str) -> str:
    from email.utils import parseaddr

    return parseaddr(sender)[1]
