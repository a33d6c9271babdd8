"""D4: what a webhook may connect to. The resolver is the test's own; nothing here needs a network."""

from collections.abc import Callable, Sequence

import pytest

from memory.domain.message import Accepted, Refused
from tests.servers.providers import HOOK_SECRET
from tests.tools.channels.conftest import CLOCK, HERE, Rig, a_message
from tools.channels.reach import ForbiddenAddress, Reach, checked_addresses, url_refusal
from tools.channels.webhook import WebhookSender

PRIVATE = (
    "127.0.0.1", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1",
    "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a9fe:a9fe::", "not an address",
)  # fmt: skip
PUBLIC = ("93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822")


def resolver(*addresses: str) -> Callable[[str, int], Sequence[str]]:
    return lambda _host, _port: addresses


@pytest.mark.parametrize("address", PRIVATE)
def test_d4_no_private_address_is_dialled_however_it_is_written(address: str) -> None:
    with pytest.raises(ForbiddenAddress):
        checked_addresses("hooks.example.com", 443, Reach(), resolver(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_d4_public_addresses_may_be_dialled(address: str) -> None:
    assert checked_addresses("hooks.example.com", 443, Reach(), resolver(address)) == (address,)


def test_d4_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    with pytest.raises(ForbiddenAddress):
        checked_addresses("hooks.example.com", 443, Reach(), resolver(PUBLIC[0], "10.0.0.1"))


def test_d4_loopback_needs_to_be_allowed_and_allows_nothing_else() -> None:
    assert checked_addresses("localhost", 80, HERE, resolver("127.0.0.1")) == ("127.0.0.1",)
    with pytest.raises(ForbiddenAddress):
        checked_addresses("metadata", 80, HERE, resolver("169.254.169.254"))


@pytest.mark.parametrize(
    ("url", "refusal"),
    [
        ("https://hooks.example.com/x", ""),
        ("http://hooks.example.com/x", "scheme_not_allowed"),
        ("ftp://hooks.example.com/x", "scheme_not_allowed"),
        ("file:///etc/passwd", "malformed_url"),
        ("gopher://127.0.0.1:25/", "scheme_not_allowed"),
        ("http://127.0.0.1/", "scheme_not_allowed"),
        ("https://user:secret@hooks.example.com/", "malformed_url"),
        ("https://hooks.example.com:99999/", "malformed_url"),
        ("https://[::1", "malformed_url"),
        ("https:///x", "malformed_url"),
    ],
)
def test_d4_only_https_and_no_credentials_in_the_address(url: str, refusal: str) -> None:
    assert url_refusal(url, Reach()) == refusal


def test_d4_a_list_of_hosts_is_exact() -> None:
    reach = Reach(hosts=("hooks.example.com",))
    assert url_refusal("https://HOOKS.example.com./x", reach) == ""
    for host in ("example.com", "evil-hooks.example.com", "hooks.example.com.evil.com", "xhooks.example.com"):
        assert url_refusal(f"https://{host}/x", reach) == "host_not_allowed"


def test_d4_a_name_is_resolved_once_and_the_checked_address_is_dialled(make: Callable[..., Rig]) -> None:
    """A name server that answers differently the second time (DNS rebinding) has no second time."""
    rig = make("webhook")
    assert rig.server is not None
    asked: list[str] = []

    def rebinding(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ("127.0.0.1",) if len(asked) == 1 else ("169.254.169.254",)

    sender = WebhookSender(
        f"http://localhost:{rig.server.port}/", HOOK_SECRET, CLOCK, reach=HERE, resolve=rebinding, timeout_seconds=2
    )
    assert isinstance(sender.hand_off(a_message()), Accepted)
    assert asked == ["localhost"]
    sender.close()


@pytest.mark.parametrize("answer", ["169.254.169.254", "10.1.2.3", "127.0.0.1"])
def test_d4_a_public_name_that_points_inside_is_refused_for_good(answer: str) -> None:
    sender = WebhookSender("https://hooks.example.com/", HOOK_SECRET, CLOCK, resolve=resolver(answer))
    outcome = sender.hand_off(a_message())
    sender.close()
    assert outcome == Refused(reason="address_not_public", is_retryable=False, is_outage=True)


def test_d4_a_shop_posts_only_to_its_own_hosts(make: Callable[..., Rig]) -> None:
    rig = make("webhook")
    assert rig.server is not None
    hosts = {"nord": ("127.0.0.1",)}
    sender = WebhookSender(rig.server.url, HOOK_SECRET, CLOCK, reach=HERE, hosts=hosts, timeout_seconds=2)
    assert isinstance(sender.hand_off(a_message()), Accepted)
    assert sender.hand_off(a_message(shop_id="sued")) == Refused(reason="host_not_allowed", is_retryable=False)
    sender.close()
    assert rig.n_taken() == 1
