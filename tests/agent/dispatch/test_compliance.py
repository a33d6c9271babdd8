"""The compliance table's rules as predicates over real mails: RFC 8058, List-Id, postal address, who may be asked."""

import email
from datetime import timedelta
from email.message import EmailMessage
from email.policy import default

import pytest

from tests.agent.dispatch.conftest import KEY, Desk
from tools.channels.mail import mail_bytes
from tools.channels.memory import MemorySender
from tools.links.unsubscribe import read_token

pytestmark = pytest.mark.slow


def mails(desk: Desk) -> list[EmailMessage]:
    sender = MemorySender(desk.clock)
    desk.run(sender)
    sent = [mail_bytes(message, desk.clock.now()) for message in sender.messages.values()]
    assert len(sent) > 10
    return [email.message_from_bytes(raw, policy=default) for raw in sent]


def test_d7_rfc_8058_every_marketing_mail_carries_both_headers_and_a_list_id(desk: Desk) -> None:
    for mail in mails(desk):
        link = str(mail["List-Unsubscribe"]).strip("<>")
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert read_token(KEY, link.rpartition("/")[2]).shop_id == "nord"
        assert str(mail["List-Id"]).startswith("<service.nord.")


def test_can_spam_every_marketing_mail_shows_the_postal_address_and_an_opt_out_in_both_parts(desk: Desk) -> None:
    for mail in mails(desk):
        for kind in ("plain", "html"):
            part = mail.get_body((kind,))
            assert part is not None
            text = part.get_content()
            assert "Weg 1, Kiel" in text
            assert "/unsubscribe/" in text
            assert "/preferences/" in text, "PIPL article 24: an easy way to refuse, and topics instead of targeting"


def test_can_spam_a_shop_without_a_postal_address_sends_no_marketing_mail(desk: Desk) -> None:
    with desk.store.unit_of_work() as uow:
        uow.shops.put(desk.world.shop.model_copy(update={"postal_address": " "}))
    report = desk.run()
    assert report.n_sent == 0
    assert set(report.suppressed) == {"no_postal_address"}


def test_can_spam_an_opt_out_works_thirty_days_and_five_years_after_the_mail(desk: Desk) -> None:
    link = str(mails(desk)[0]["List-Unsubscribe"]).strip("<>")
    clock = desk.clock
    for days in (31, 5 * 365):
        clock.advance(timedelta(days=days))
        assert read_token(KEY, link.rpartition("/")[2]).channel == "email"
