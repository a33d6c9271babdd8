"""A shop with a thank-you page: shoes that go with socks, a serum of one line, and settings that hold all parts."""

from datetime import UTC, datetime

from memory.domain.guardrails import Guardrails
from memory.domain.market import Shop
from memory.domain.money import Money
from memory.domain.thanks import OrderCode, ShareReward, SocialChannel, ThanksSettings
from memory.lake.lake import Lake
from memory.store.engine import Store
from tests.factories.doing import learn
from tests.factories.facts import SHOP, Facts, ago
from tools.thanks.preparing import prepare

AT = datetime(2026, 1, 15, 12, tzinfo=UTC)
PAGE = "https://north.example.invalid/products/"
SHOES, SOCKS, LACES, CREAM, SERUM, TONER = "shoes", "socks", "laces", "cream", "serum", "toner"
GONE = "insoles"


def euros(minor: int) -> Money:
    return Money(amount_minor=minor, currency="EUR")


SETTINGS = ThanksSettings(
    socials={
        "DE": (
            SocialChannel(network="instagram", name="@north", url="https://instagram.example.invalid/north"),
            SocialChannel(network="tiktok", name="@north", url="https://tiktok.example.invalid/north"),
        ),
        "CN": (
            SocialChannel(network="wechat", name="North官方", url="https://wechat.example.invalid/north"),
            SocialChannel(network="xiaohongshu", name="North", url="https://xhs.example.invalid/north"),
        ),
    },
    code=OrderCode(hours=48, off=euros(200), min_spend=euros(5000)),
    share={"DE": ShareReward(amount=euros(1000)), "CN": ShareReward(points=100)},
    plain_rate=0.0,
)


def catalogue() -> Facts:
    """Shoes go with socks and with insoles that are sold out; a cream has its line; laces are in another category."""
    facts = Facts()
    for sku, category in (
        (SHOES, "running"), (SOCKS, "socks"), (LACES, "running"), (GONE, "running"), (CREAM, "skin"), (SERUM, "skin"),
        (TONER, "skin"),
    ):  # fmt: skip
        facts.add("products", ago(100), sku=sku, title=sku.title(), category=category, url=PAGE + sku)
        facts.add("stock", ago(100), sku=sku, quantity=0 if sku == GONE else 9)
    facts.add("products", ago(100), sku="shoes-42", title="Shoes 42", category="running", url=PAGE + SHOES)
    facts.add("stock", ago(100), sku="shoes-42", quantity=9)
    for n in range(9):
        lines = [{"sku": sku, "category": None} for sku in (SHOES, SOCKS, *((GONE,) if n < 7 else ()))]
        facts.order(f"a{n}", ago(30), *lines)
    for n in range(40):
        facts.order(f"b{n}", ago(20), {"sku": TONER, "category": None})
    for n in range(3):
        facts.order(f"c{n}", ago(20), {"sku": SERUM, "category": None})
    return facts


def open_shop(store: Store, lake: Lake, settings: ThanksSettings = SETTINGS) -> Shop:
    """Keep the shop, its facts, its guardrails and its page, with goods prepared."""
    with store.unit_of_work() as uow:
        uow.shops.add(SHOP)
        uow.guardrails.put(SHOP.shop_id, Guardrails(plan_budget=euros(600_000)), "mia", AT)
        uow.thanks.put_settings(SHOP.shop_id, settings, "mia", AT)
    learn(store, lake, catalogue(), ago(1))
    with store.read() as uow:
        tables = uow.versions.latest().tables
    with lake.open(tables, [SHOP.shop_id]) as view:
        goods, pairs = prepare(view, SHOP, AT)
    with store.unit_of_work() as uow:
        uow.thanks_goods.replace(SHOP.shop_id, goods, pairs)
    return SHOP
