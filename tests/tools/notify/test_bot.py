"""Contract tests of every bot against its vendor's server; none was verified against a live vendor."""

import pytest

from memory.domain.approval_rules import BOT_VENDORS, BotVendor
from memory.domain.errors import InvalidInput
from memory.domain.message import Accepted, Ambiguous, Refused
from tests.servers.bots import PATHS, SECRET, TOKEN, Plain
from tests.servers.http import Reply
from tests.tools.notify.rig import AT, SAID, serving_bot
from tools.notify import BotAddress, bot_of, post
from tools.notify.bot import checked

pytestmark = pytest.mark.slow
SIGNED: tuple[BotVendor, ...] = ("feishu", "dingtalk")
BUSY: dict[BotVendor, Reply] = {
    "feishu": Reply(429, {"code": 99991400, "msg": "request trigger frequency limit"}, {"x-ogw-ratelimit-reset": "1"}),
    "dingtalk": Reply(200, {"errcode": -1, "errmsg": "system busy"}),
    "wecom": Reply(200, {"errcode": -1, "errmsg": "system busy"}),
    "slack": Plain(429, "rate_limited", {"retry-after": "1"}),
}
TOO_OFTEN: dict[BotVendor, tuple[Reply, int]] = {
    "feishu": (Reply(200, {"code": 11232, "msg": "frequency limited"}), 60),
    "dingtalk": (Reply(200, {"errcode": 130101, "errmsg": "send too fast"}), 600),
    "wecom": (Reply(200, {"errcode": 45009, "errmsg": "api freq out of limit"}), 60),
    "slack": (Plain(429, "rate_limited", {"retry-after": "30"}), 30),
}


@pytest.mark.parametrize("vendor", BOT_VENDORS)
def test_a_message_is_taken_once_with_its_words_and_its_link(vendor: BotVendor) -> None:
    with serving_bot(vendor) as rig:
        assert isinstance(rig.send(), Accepted)
        (body,) = rig.vendor.taken
    assert SAID.link in str(body)
    assert "A plan waits" in str(body)
    assert "](http://evil" not in str(body) or vendor in ("feishu", "slack"), "a title puts no link into Markdown"
    assert "timestamp" not in rig.vendor.asked[0].query


@pytest.mark.parametrize("vendor", SIGNED)
def test_a_signature_is_made_as_the_vendor_checks_it(vendor: BotVendor) -> None:
    with serving_bot(vendor, SECRET) as rig:
        assert isinstance(rig.send(secret=SECRET), Accepted)
        wrong, missing = rig.send(secret="SECanother-secret"), rig.send()
    assert isinstance(wrong, Refused)
    assert isinstance(missing, Refused)
    assert not wrong.is_retryable
    assert len(rig.vendor.asked) == 3, "a wrong signature is not tried again"


@pytest.mark.parametrize("vendor", BOT_VENDORS)
def test_an_error_in_an_answer_of_200_is_none_that_was_taken(vendor: BotVendor) -> None:
    path = PATHS[vendor].replace(TOKEN, "f" * 32)
    with serving_bot(vendor) as rig:
        found = rig.send(path=path)
    assert isinstance(found, Refused)
    assert not found.is_retryable
    assert rig.vendor.taken == []
    assert "f" * 32 not in found.reason, "a vendor that repeats the key gets it into no row"


@pytest.mark.parametrize("vendor", BOT_VENDORS)
def test_a_short_wait_is_waited_for_and_the_message_taken_once(vendor: BotVendor) -> None:
    with serving_bot(vendor) as rig:
        rig.vendor.answers = [BUSY[vendor]]
        assert isinstance(rig.send(), Accepted)
        assert (len(rig.vendor.asked), len(rig.vendor.taken), len(rig.slept)) == (2, 1, 1)


@pytest.mark.parametrize("vendor", BOT_VENDORS)
def test_a_long_wait_is_left_to_a_later_round(vendor: BotVendor) -> None:
    answer, seconds = TOO_OFTEN[vendor]
    with serving_bot(vendor) as rig:
        rig.vendor.answers = [answer]
        found = rig.send()
    assert isinstance(found, Refused)
    assert (found.is_retryable, found.after_seconds) == (True, seconds)
    assert (len(rig.vendor.asked), rig.slept) == (1, [])


@pytest.mark.parametrize("vendor", BOT_VENDORS)
@pytest.mark.parametrize("fault", ["status_500", "accept_then_drop", "gzip_bomb"])
def test_a_lost_answer_is_ambiguous_and_not_repeated(vendor: BotVendor, fault: str) -> None:
    with serving_bot(vendor) as rig:
        rig.server.fault = fault
        assert isinstance(rig.send(), Ambiguous)
        assert rig.server.n_requests == 1


@pytest.mark.parametrize("vendor", BOT_VENDORS)
def test_a_redirect_is_not_followed(vendor: BotVendor) -> None:
    with serving_bot(vendor) as rig:
        rig.server.fault = "moved"
        found = rig.send()
        assert isinstance(found, Refused)
        assert rig.server.n_requests == 1


@pytest.mark.parametrize("vendor", BOT_VENDORS)
@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/x", "https://169.254.169.254/latest", "https://metadata.internal/x", "file:///etc/passwd",
        "https://hooks.slack.com.evil.invalid/services/x", "https://user:pw@hooks.slack.com/services/x",
    ],
)  # fmt: skip
def test_c3_nothing_but_the_vendor_s_own_host_is_posted_to(vendor: BotVendor, url: str) -> None:
    bot = bot_of(vendor)
    with pytest.raises(InvalidInput):
        checked(bot, BotAddress(url=url))
    found = post(bot, BotAddress(url=url), SAID, AT, sleep=lambda _: None)
    assert isinstance(found, Refused)
    assert not found.is_retryable


@pytest.mark.parametrize("vendor", BOT_VENDORS)
def test_c3_a_vendor_s_name_that_leads_inside_is_not_dialled(vendor: BotVendor) -> None:
    bot = bot_of(vendor)
    url = f"https://{bot.hosts[0]}{PATHS[vendor]}"
    checked(bot, BotAddress(url=url))
    found = post(bot, BotAddress(url=url), SAID, AT, resolve=lambda host, port: ["10.0.0.7"], sleep=lambda _: None)
    assert found == Refused(reason="address_not_public", is_retryable=False, is_outage=True)


def test_an_address_shows_nothing_of_itself() -> None:
    address = BotAddress(url=f"https://hooks.slack.com{PATHS['slack']}", secret=SECRET)
    assert TOKEN not in f"{address} {address!r} {[address]}"
    assert SECRET not in f"{address} {address!r} {[address]}"


def test_a_secret_for_a_vendor_that_signs_nothing_is_refused() -> None:
    address = BotAddress(url=f"https://hooks.slack.com{PATHS['slack']}", secret=SECRET)
    with pytest.raises(InvalidInput, match="signs nothing"):
        checked(bot_of("slack"), address)
