"""Building a mail: multipart, one-click unsubscribe, no header that text could break out of."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from memory.domain.message import Rendered


def build_mail(message: Rendered, at: datetime) -> EmailMessage:
    """Give the mail of a rendered message; raise `ValueError` where a header holds a line break.

    Promotional and service mails carry RFC 8058 one-click headers and a List-Id.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"] = message.sender
    mail["To" if message.channel == "email" else "X-Second-Order-To"] = message.to
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{message.send_key}@{_host(message.sender)}>"
    mail["Content-Language"] = message.language
    if message.unsubscribe_url:
        mail["List-Unsubscribe"] = f"<{message.unsubscribe_url}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if message.list_id:
        mail["List-Id"] = message.list_id
    mail.set_content(message.text, cte="quoted-printable")
    if message.html:
        mail.add_alternative(message.html, subtype="html", cte="quoted-printable")
    return mail


def _host(address: str) -> str:
    return address.rpartition("@")[2].rstrip(">") or "localhost"
