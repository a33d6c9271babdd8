"""The plan's elements: one small function each, from the evidence to works, assumes or cannot."""

from collections.abc import Callable
from typing import Literal

from memory.domain.base import Frozen, Slug
from tools.ingest.report import ImportKind

from .evidence import Evidence

Status = Literal["works", "assumes", "cannot"]
Words = dict[str, str]
"""The same sentence in `en` and `zh`."""
MIN_PEOPLE = 100
"""Below this many buyers rates per cohort say nothing."""
ENOUGH = 0.8
"""Share of lines or orders that must be known before an element counts as working."""


class Readiness(Frozen):
    """How one element of a plan stands."""

    element: Slug
    """Its stable name."""
    title: Words
    """Its name for people."""
    status: Status
    """Works, works with an assumption, or cannot."""
    assumption: Words = {}
    """What is assumed, or what is missing."""
    fix: Words = {}
    """What would make it work without."""
    fix_kinds: tuple[ImportKind, ...] = ()
    """Kinds of files that would."""


class Finding(Frozen):
    """What an element's function answers."""

    status: Status
    """Works, works with an assumption, or cannot."""
    assumption: Words = {}
    """What is assumed or missing."""
    fix: Words = {}
    """What would change it."""
    fix_kinds: tuple[ImportKind, ...] = ()
    """Kinds of files that would."""


WORKS = Finding(status="works")


def say(en: str, zh: str) -> Words:
    """Give one sentence in both languages."""
    return {"en": en, "zh": zh}


def _import(*kinds: ImportKind, en: str = "", zh: str = "") -> tuple[Words, tuple[ImportKind, ...]]:
    listed = " / ".join(kinds)
    return say(f"Import {listed}{f' {en}' if en else ''}.", f"导入 {listed}{zh}。"), kinds


def cohorts(seen: Evidence) -> Finding:
    """The four cohorts need orders of known people over more than one season."""
    fix, kinds = _import("shopify-orders", en="with at least 13 months of orders", zh="，至少含 13 个月的订单")
    if seen.n_people < MIN_PEOPLE:
        missing = say(f"only {seen.n_people} buyers are known", f"仅有 {seen.n_people} 位已知买家")
        return Finding(status="cannot", assumption=missing, fix=fix, fix_kinds=kinds)
    if seen.order_days < 395:
        assumed = say(
            f"orders cover {seen.order_days} days; who bought before that counts as first-time",
            f"订单只覆盖 {seen.order_days} 天；更早的购买者会被当作首购",
        )
        return Finding(status="assumes", assumption=assumed, fix=fix, fix_kinds=kinds)
    return WORKS


def repeat_rate(seen: Evidence) -> Finding:
    """RPR needs people who came back."""
    fix, kinds = _import("shopify-orders", "shopify-json")
    if seen.n_people < MIN_PEOPLE or seen.n_repeat_people == 0:
        return Finding(
            status="cannot",
            assumption=say("nobody is known to have bought twice", "没有已知的复购"),
            fix=fix,
            fix_kinds=kinds,
        )
    return WORKS


def clv(seen: Evidence) -> Finding:
    """Historic CLV sums money: every currency needs a rate."""
    fix, kinds = _import("rates", en="with the missing currencies", zh="，补齐缺失币种")
    if seen.missing_rates:
        listed = ", ".join(seen.missing_rates)
        missing = say(f"no exchange rate for {listed}", f"缺少汇率：{listed}")
        return Finding(status="cannot", assumption=missing, fix=fix, fix_kinds=kinds)
    return (
        WORKS
        if seen.n_orders
        else Finding(
            status="cannot",
            assumption=say("no orders", "没有订单"),
            fix=_import("shopify-orders")[0],
            fix_kinds=("shopify-orders",),
        )
    )


def margins(seen: Evidence) -> Finding:
    """Offers, margin floor and ROI need the cost of what is sold."""
    fix, kinds = _import("costs", "shopify-products", en="with the cost per item", zh="，含单件成本")
    share = f"{seen.cost_rate:.0%}"
    if seen.cost_rate < ENOUGH:
        missing = say(f"costs are known for {share} of sold lines", f"仅 {share} 的销售行有成本")
        return Finding(status="cannot", assumption=missing, fix=fix, fix_kinds=kinds)
    if seen.assumed_cost_rate > 0:
        assumed = say(
            f"costs of {seen.assumed_cost_rate:.0%} of sold lines are assumed",
            f"{seen.assumed_cost_rate:.0%} 的销售行成本为假设",
        )
        return Finding(status="assumes", assumption=assumed, fix=fix, fix_kinds=kinds)
    return WORKS


def reach(channel: Literal["email", "sms", "push"]) -> Callable[[Evidence], Finding]:
    """Give the element of one channel: it needs consent and an address."""

    def element(seen: Evidence) -> Finding:
        fix, kinds = _import(
            "consent",
            "klaviyo-profiles",
            en=f"with consent and addresses for {channel}",
            zh=f"，含 {channel} 的许可与地址",
        )
        n_consenting, n_addresses = seen.n_consenting.get(channel, 0), seen.n_addresses.get(channel, 0)
        if not n_consenting or not n_addresses:
            missing = say(
                f"reach 0: {n_consenting} people consent, {n_addresses} have an address",
                f"可触达 0 人：{n_consenting} 人有许可，{n_addresses} 人有地址",
            )
            return Finding(status="cannot", assumption=missing, fix=fix, fix_kinds=kinds)
        n_assumed = seen.n_assumed_consent.get(channel, 0)
        if n_assumed:
            assumed = say(f"consent of {n_assumed} people is assumed", f"{n_assumed} 人的许可为假设")
            return Finding(status="assumes", assumption=assumed, fix=fix, fix_kinds=kinds)
        return WORKS

    element.__doc__ = f"Reach by {channel} needs consent and an address."
    return element


def live(channel: Literal["email", "sms", "push"]) -> Callable[[Evidence], Finding]:
    """Give the element of a channel's first live send: its suppression list, imported or declared empty."""

    def element(seen: Evidence) -> Finding:
        how, declare = seen.lists.get(channel, ""), f"secondorder suppression declare {channel}"
        if how == "imported":
            return WORKS
        fix = say(
            f"Import consent with `suppressed`, or klaviyo-profiles; or declare by name: `{declare}`.",
            f"导入含 suppressed 的 consent 或 klaviyo-profiles；或具名声明：`{declare}`。",
        )
        kinds: tuple[ImportKind, ...] = ("consent", "klaviyo-profiles")
        if how == "declared":
            assumed = say("a named person declared that there is no suppression list", "有专人具名声明没有抑制名单")
            return Finding(status="assumes", assumption=assumed, fix=fix, fix_kinds=kinds)
        missing = say(
            "the suppression list is neither imported nor declared empty; live sends are refused",
            "抑制名单既未导入也未声明为空；拒绝正式发送",
        )
        return Finding(status="cannot", assumption=missing, fix=fix, fix_kinds=kinds)

    element.__doc__ = f"The first live send by {channel} needs its suppression list."
    return element


def replenishment(seen: Evidence) -> Finding:
    """Reminders need people who buy the same article again."""
    if seen.n_replenished < 30:
        fix, kinds = _import("shopify-orders", en="with the sku of every line", zh="，每行含 sku")
        missing = say(
            f"{seen.n_replenished} people bought one article twice", f"仅 {seen.n_replenished} 人重复购买同一商品"
        )
        return Finding(status="cannot", assumption=missing, fix=fix, fix_kinds=kinds)
    return WORKS


def category_series(seen: Evidence) -> Finding:
    """Category series and explorers need categories, and views for browse intent."""
    fix, kinds = _import("shopify-products", "events", en="with product types and views", zh="，含商品类型与浏览事件")
    if seen.category_rate < ENOUGH:
        missing = say(
            f"categories are known for {seen.category_rate:.0%} of sold lines",
            f"仅 {seen.category_rate:.0%} 的销售行有品类",
        )
        return Finding(status="cannot", assumption=missing, fix=fix, fix_kinds=kinds)
    if not seen.n_events.get("view"):
        assumed = say("no views; intent is read from purchases only", "没有浏览事件；仅从购买推断意向")
        return Finding(status="assumes", assumption=assumed, fix=fix, fix_kinds=kinds)
    return WORKS


def delivery_timed(seen: Evidence) -> Finding:
    """Steps after delivery need delivery events."""
    if not seen.n_events.get("delivery"):
        fix, kinds = _import("events", "shopify-json", en="with deliveries", zh="，含送达事件")
        assumed = say("no deliveries; steps run by days after the order", "没有送达事件；按下单后天数执行")
        return Finding(status="assumes", assumption=assumed, fix=fix, fix_kinds=kinds)
    return WORKS


def returns(seen: Evidence) -> Finding:
    """Return share needs return events."""
    if not seen.n_events.get("return"):
        fix, kinds = _import("events", "shopify-json", en="with returns or refunds", zh="，含退货或退款")
        assumed = say("no returns are known; everyone counts as without", "没有退货记录；视为无退货")
        return Finding(status="assumes", assumption=assumed, fix=fix, fix_kinds=kinds)
    return WORKS


def engagement(seen: Evidence) -> Finding:
    """Post-purchase engagement needs opens, clicks, reviews or app opens; it is a diagnostic and never decides."""
    if not any(seen.n_events.get(kind) for kind in ("mail_open", "mail_click", "app_open", "review")):
        fix, kinds = _import("events")
        return Finding(status="cannot", assumption=say("no such events", "没有此类事件"), fix=fix, fix_kinds=kinds)
    return WORKS


def budget_audit(seen: Evidence) -> Finding:
    """The post-purchase share needs the marketing ledger."""
    fix, kinds = _import("spend", en="with both stages of the last months", zh="，含近几个月两个阶段的支出")
    if not seen.n_spend:
        return Finding(
            status="cannot", assumption=say("the marketing ledger is empty", "营销支出为空"), fix=fix, fix_kinds=kinds
        )
    if seen.n_assumed_spend:
        return Finding(
            status="assumes",
            assumption=say("the marketing ledger is assumed", "营销支出为假设"),
            fix=fix,
            fix_kinds=kinds,
        )
    return WORKS


def gift_share(seen: Evidence) -> Finding:
    """Gift share needs orders that say they are gifts."""
    if not seen.n_gift_orders:
        fix, kinds = _import("shopify-orders", en="with a tag or note attribute `gift`", zh="，以标签或备注标记 gift")
        assumed = say("no order is marked as a gift; the share counts as 0", "没有订单标记为礼物；占比视为 0")
        return Finding(status="assumes", assumption=assumed, fix=fix, fix_kinds=kinds)
    return WORKS


def language_market(seen: Evidence) -> Finding:
    """Copy needs a market and a language per person."""
    if seen.market_rate < ENOUGH:
        fix, kinds = _import("shopify-orders", "shopify-customers", en="with countries", zh="，含国家")
        missing = say(
            f"the market of {seen.market_rate:.0%} of orders is known", f"仅 {seen.market_rate:.0%} 的订单有市场"
        )
        return Finding(status="cannot", assumption=missing, fix=fix, fix_kinds=kinds)
    if seen.n_language < seen.n_people * ENOUGH:
        fix, kinds = _import("klaviyo-profiles", "shopify-json", en="with locales", zh="，含语言区域")
        assumed = say("the market's main language where no file names one", "未注明语言者使用所在市场的主要语言")
        return Finding(status="assumes", assumption=assumed, fix=fix, fix_kinds=kinds)
    return WORKS


def send_time_zones(seen: Evidence) -> Finding:
    """Send times need a zone; without one all zones of the country must allow the minute."""
    if seen.n_zone < seen.n_people * ENOUGH:
        fix, kinds = _import("klaviyo-profiles", en="with time zones", zh="，含时区")
        assumed = say("all zones of a person's country must allow the hour", "须所在国家的全部时区都允许该时段")
        return Finding(status="assumes", assumption=assumed, fix=fix, fix_kinds=kinds)
    return WORKS


def stock_state(seen: Evidence) -> Finding:
    """Recommendations and gifts need stock."""
    if not seen.n_stock:
        fix, kinds = _import("stock", "shopify-products")
        return Finding(
            status="assumes", assumption=say("everything counts as in stock", "视为全部有货"), fix=fix, fix_kinds=kinds
        )
    return WORKS


ELEMENTS: list[tuple[str, Words, Callable[[Evidence], Finding]]] = [
    ("cohorts", say("Four cohorts", "四类人群"), cohorts),
    ("repeat-rate", say("Repeat purchase rate", "复购率"), repeat_rate),
    ("clv", say("Customer value", "客户价值"), clv),
    ("margins", say("Offers and margins", "优惠与毛利"), margins),
    ("reach-email", say("Reach by e-mail", "邮件触达"), reach("email")),
    ("reach-sms", say("Reach by SMS", "短信触达"), reach("sms")),
    ("reach-push", say("Reach by push", "推送触达"), reach("push")),
    ("replenishment", say("Replenishment reminders", "补货提醒"), replenishment),
    ("category-series", say("Category series", "品类系列"), category_series),
    ("delivery-timed", say("Steps timed by delivery", "按送达安排的步骤"), delivery_timed),
    ("returns", say("Returns", "退货"), returns),
    ("engagement", say("Engagement", "互动"), engagement),
    ("budget-audit", say("Budget audit", "预算审计"), budget_audit),
    ("gift-share", say("Gift share", "礼物占比"), gift_share),
    ("language-market", say("Language and market", "语言与市场"), language_market),
    ("send-time-zones", say("Send times", "发送时间"), send_time_zones),
    ("stock", say("Stock state", "库存状态"), stock_state),
    ("live-email", say("First live e-mail", "首次正式发送邮件"), live("email")),
    ("live-sms", say("First live SMS", "首次正式发送短信"), live("sms")),
    ("live-push", say("First live push", "首次正式发送推送"), live("push")),
]
"""Every element: its name, its title and its function."""
