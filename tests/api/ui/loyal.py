"""A loyalty programme and a thank-you page for a shop of the workspace: members, drops, orders with a page."""

from datetime import timedelta

from agent.assembly import App
from agent.loyalty import starting_programme
from memory.domain.early_access import Drop
from memory.domain.loyalty import EarnRate
from memory.domain.money import Money
from memory.domain.thanks import OrderCode, PageVariant, ShareReward, SocialChannel, ThanksOrder, ThanksSettings
from tests.factories.facts import Facts
from tests.factories.loyal_shop import settle
from tools.facts import open_facts
from tools.thanks.keeping import prepare_shop
from tools.thanks.opening import opened

N_MEMBERS, N_PAGES = 60, 40
LONG_AGO = timedelta(days=350)
VARIANTS = (PageVariant(id="full"), PageVariant(id="goods-only", parts=("goods",)))


def with_loyalty(app: App, shop_id: str, by: str) -> None:
    """Put a programme in force whose points expire soon, with members, pieces set aside and recommendations."""
    now = app.clock.now()
    with app.store.read() as uow:
        shop = uow.shops.get(shop_id)
    people, sku = buyers(app, shop_id)
    facts = Facts()
    for person in people[:N_MEMBERS]:
        facts.add("memberships", now - LONG_AGO, subject_id=person, is_member=True)
    for number, days in enumerate((60, 5)):
        facts.referral(people[0], f"friend-{number}", now - timedelta(days=days, hours=2))
        facts.order(
            f"friend-{number}", now - timedelta(days=days), order_ref=f"friend-{number}", currency=shop.currency
        )
    for table, rows in facts.rows.items():
        for number, row in enumerate(rows):  # shops share one installation, and its facts are told apart by id alone
            row["fact_id"] = f"{shop_id}-{table}-{number}"
    programme = starting_programme(shop.currency, (now - LONG_AGO).date())
    more = {
        "valid_days": 90,
        "warn_days": 60,
        "earn": (*programme.earn, EarnRate(currency="CHF", points=1, per_minor=100)),
    }
    settle(app.store, app.lake, facts, now, programme.model_copy(update=more), shop_id)
    day = (now + timedelta(days=20)).date()
    drop = Drop(id="spring-drop", sku=sku, hours=48, public_on=day, public_minute=540, n_total=50)
    with app.store.unit_of_work() as uow:
        uow.early_access.add(shop_id, drop)
        uow.early_access.claim(shop_id, drop.id, people[0], people[:1], now)
    _with_page(app, shop_id, by, people)


def page_settings(currency: str) -> ThanksSettings:
    """Give settings with every part, two markets and two variants."""
    return ThanksSettings(
        socials={
            "DE": (SocialChannel(network="instagram", name="@demo", url="https://instagram.example.invalid/demo"),),
            "CN": (SocialChannel(network="wechat", name="示例官方", url="https://wechat.example.invalid/demo"),),
        },
        code=OrderCode(hours=48, off=_money(200, currency), min_spend=_money(5_000, currency)),
        share={"DE": ShareReward(amount=_money(1_000, currency)), "CN": ShareReward(points=100)},
        variants=VARIANTS,
        plain_rate=0.35,
    )


def _with_page(app: App, shop_id: str, by: str, people: list[str]) -> None:
    """Set the page up, and open it long ago for the first buyers."""
    now = app.clock.now()
    with app.store.unit_of_work() as uow:
        set_up = page_settings(uow.shops.get(shop_id).currency)
        uow.thanks.put_settings(shop_id, set_up, by, now)
        for number, person in enumerate(people[:N_PAGES]):
            at = now - timedelta(days=90)
            plain = ThanksOrder(
                order_ref=f"page-{number}", person_id=person, market="DE", skus=(), arm="", opened_at=at
            )
            uow.thanks.add(shop_id, opened(app.key, shop_id, plain, set_up, at, is_withheld=False))
    prepare_shop(app.store, app.lake, app.clock, shop_id)


def buyers(app: App, shop_id: str) -> tuple[list[str], str]:
    """Give who ordered most, and an article."""
    with open_facts(app.store, app.lake, [shop_id]) as view:
        orders, products = view.table("orders"), view.table("products")
        known = orders.filter(orders.person_id.notnull())
        counted = known.group_by("person_id").agg(n=known.count())
        rows = counted.order_by([counted.n.desc(), "person_id"]).limit(N_MEMBERS).to_pyarrow().to_pylist()
        sku = products.select("sku").order_by("sku").limit(1).to_pyarrow().to_pylist()[0]["sku"]
    return [row["person_id"] for row in rows], sku


def _money(minor: int, currency: str) -> Money:
    return Money(amount_minor=minor, currency=currency)
