"""SMS over the Twilio-compatible contract: what is sent, and asking for what is ambiguous."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from memory.domain.message import Accepted, Ambiguous, Refused
from tests.servers.providers import ACCOUNT
from tests.tools.channels.conftest import CLOCK, HERE, Rig
from tools.channels.twilio import TwilioAccount, TwilioSender


@pytest.fixture
def rig(make: Callable[..., Rig]) -> Rig:
    return make("twilio")


def ask(rig: Rig, *, known: frozenset[str] = frozenset(), later: timedelta = timedelta(0), **changes: str) -> object:
    assert isinstance(rig.sender, TwilioSender)
    return rig.sender.look_up(rig.message(**changes), CLOCK.now() + later, known)


def test_a_message_is_posted_with_its_text_its_number_and_where_its_status_goes(rig: Rig) -> None:
    rig.sender.hand_off(rig.message(text="Grüße & 你好 +1"))
    (entry,) = rig.provider.journal.entries()
    assert entry["body"] == "Grüße & 你好 +1"
    assert entry["to"] == rig.to("zoe")
    assert entry["callback"].endswith(f"/hooks/nord/{'a' * 40}")


def test_a2_a_message_whose_answer_was_lost_is_found_by_number_and_text(rig: Rig) -> None:
    assert rig.server is not None
    rig.server.fault = "accept_then_drop"
    assert isinstance(rig.sender.hand_off(rig.message()), Ambiguous)
    rig.server.fault = ""
    found = ask(rig)
    assert isinstance(found, Accepted)
    assert found.receipt == rig.provider.messages[0]["sid"]
    assert rig.n_taken() == 1


def test_a2_what_is_not_listed_is_not_called_sent(rig: Rig) -> None:
    assert ask(rig) == Refused(reason="not_listed", is_retryable=False)
    rig.sender.hand_off(rig.message())
    for other in (ask(rig, text="another text"), ask(rig, later=timedelta(hours=1))):
        assert other == Refused(reason="not_listed", is_retryable=False)
    sid = rig.provider.messages[0]["sid"]
    assert ask(rig, known=frozenset({sid})) == Refused(reason="not_listed", is_retryable=False)


@pytest.mark.parametrize("fault", ["status_500", "drop", "error_in_200", "endless_body"])
def test_a6_a_look_up_that_fails_settles_nothing(make: Callable[..., Rig], fault: str) -> None:
    rig = make("twilio", timeout_seconds=0.5)
    rig.sender.hand_off(rig.message())
    assert rig.server is not None
    rig.server.fault = fault
    assert isinstance(ask(rig), Ambiguous)


def test_wrong_credentials_make_everything_wait_and_end_no_message(rig: Rig) -> None:
    assert rig.server is not None
    account = TwilioAccount(account_sid=ACCOUNT, auth_token="wrong", sender="+15005550006", api=rig.server.url)
    sender = TwilioSender(account, CLOCK, reach=HERE)
    assert sender.hand_off(rig.message()) == Refused(reason="account: http 401", is_retryable=True, is_outage=True)
    sender.close()


def test_a_messaging_service_sends_under_its_own_name(rig: Rig) -> None:
    assert rig.server is not None
    account = TwilioAccount(account_sid=ACCOUNT, auth_token="a token for tests", sender="MG1", api=rig.server.url)
    sender = TwilioSender(account, CLOCK, reach=HERE)
    assert isinstance(sender.hand_off(rig.message()), Accepted)
    sender.close()
