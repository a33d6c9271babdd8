from memory.domain.approval_rules import BOT_VENDORS
from tools.notify import BOTS, bot_of


def test_every_vendor_has_one_bot_and_hosts_of_its_own() -> None:
    assert sorted(bot.vendor for bot in BOTS) == sorted(BOT_VENDORS)
    assert all(bot_of(vendor).vendor == vendor for vendor in BOT_VENDORS)
    hosts = [host for bot in BOTS for host in bot.hosts]
    assert len(hosts) == len(set(hosts))
