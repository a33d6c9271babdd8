"""One shop with people for every goods rule, so that the facts are written and each rule is run only once."""

from tests.factories.facts import ago
from tests.tools.recommendations.shelves import Shop

BEANS, GRINDER, MACHINE, CUP, SOCK = "beans", "grinder", "machine", "cup", "sock"
CANDLE, OTHER = "candle", "other-candle"
ROAD, TRAIL, TRACK, OLD = "road", "trail", "track", "old"
CHEAPER, DEARER, CENT, GONE, BACK, STILL_OUT, FULL = "cheaper", "dearer", "cent", "gone", "back", "still-out", "full"


def street() -> Shop:
    """Give the shop with everybody in it."""
    made = Shop()
    coffee(made)
    candles(made)
    running(made)
    changes(made)
    return made


def coffee(made: Shop) -> None:
    """Beans go with a grinder in 8 orders and with a machine in 6; a cup twice; socks are in most baskets."""
    for sku in (BEANS, GRINDER, MACHINE, CUP, SOCK):
        made.article(sku, "coffee")
    for n in range(8):
        made.basket(f"a{n}", BEANS, GRINDER, *((MACHINE,) if n < 6 else ()), SOCK)
    for n in range(2):
        made.basket(f"b{n}", BEANS, CUP, SOCK)
    for n in range(90):
        made.basket(f"d{n}", SOCK)
    for n in range(9):
        made.basket(f"trade{n}", CUP, MACHINE, *(f"x{k}" for k in range(60)))
    made.basket("beans.buyer", BEANS)
    made.basket("owner", BEANS)
    made.basket("owner", GRINDER, days=90)
    order = made.basket("returner", BEANS, GRINDER)
    made.facts.event("returner", order["event_at"], "return", sku=GRINDER)
    whole = made.basket("whole", GRINDER, days=50)
    made.facts.event("whole", order["event_at"], "return", order_ref=whole["order_ref"])
    made.basket("whole", BEANS)
    made.basket("refunded", GRINDER, days=50, refunded_minor=5000)
    made.basket("refunded", BEANS)
    sent_back = made.basket("sent.back", BEANS)
    made.facts.event("sent.back", sent_back["event_at"], "return", sku=BEANS)
    made.look("beans.looker", BEANS)


def candles(made: Shop) -> None:
    """Candles last 28 to 32 days, 30 on average, as six people show who bought again."""
    made.article(CANDLE, "fragrance")
    made.article(OTHER, "fragrance")
    for n, gap in enumerate((28, 29, 30, 30, 31, 32)):
        made.basket(f"again{n}", CANDLE, days=300)
        made.basket(f"again{n}", CANDLE, days=300 - gap)
    for days in (20, 27, 29, 31, 33):
        made.basket(f"candle.{days}", CANDLE, days=days)
    made.basket("candle.three", CANDLE, days=30, quantity=3)
    made.basket("candle.three.earlier", CANDLE, days=90, quantity=3)
    made.basket("candle.other", OTHER, days=29)
    made.basket("candle.twice", CANDLE, days=34)
    made.basket("candle.twice", CANDLE, days=4)
    made.basket("lone.buyer", TRAIL, days=29)


def running(made: Shop) -> None:
    """Shoes by sales (road, trail, track), by age and by reviews; one sold out, one of another currency."""
    for sku, sold, known in ((ROAD, 5, 90), (TRAIL, 3, 20), (TRACK, 1, 60), (OLD, 4, 99)):
        made.article(sku, "running", price=4000 if sku == TRACK else 9000, at=ago(known))
        for n in range(sold):
            made.basket(f"{sku}{n}", sku, days=10)
    made.restock(OLD, 0, ago(3))
    made.article("pounds", "running", currency="GBP")
    made.article("unknown", "running", stock=None)
    for n in range(3):
        made.facts.event(f"reviewer{n}", ago(9), "review", sku=TRACK, value=5.0)
        made.facts.event(f"reviewer{n}", ago(9), "review", sku=ROAD, value=2.0)
    for n in range(5):
        made.look("runner", ROAD, days=9 - n)
    made.look("runner", BEANS, days=1)
    for n in range(4):
        made.look("visitor", ROAD, days=9 - n)
    made.look("visitor", CANDLE, days=1)
    present = made.basket("giver", ROAD, days=8)
    made.facts.rows["order_lines"][-1]["is_gift"] = True
    assert present["subject_id"] == "giver"
    made.basket("keeper", ROAD, days=8)
    made.basket("keeper", TRACK, days=6)


def changes(made: Shop) -> None:
    """Prices that fall and rise, goods that go and come back, and people who looked before or after."""
    for sku in (CHEAPER, DEARER, CENT, GONE, BACK, STILL_OUT, FULL):
        made.article(sku, "lamps", price=5000)
    made.reprice(CHEAPER, 4000, ago(4))
    made.reprice(DEARER, 6000, ago(4))
    made.reprice(CENT, 4999, ago(4))
    made.reprice(GONE, 1000, ago(4))
    made.restock(GONE, 0, ago(4))
    made.restock(BACK, 0, ago(12))
    made.restock(BACK, 7, ago(6))
    made.restock(STILL_OUT, 0, ago(12))
    made.restock(FULL, 20, ago(6))
    for sku in (CHEAPER, DEARER, CENT, GONE, BACK, STILL_OUT, FULL):
        made.look("follower", sku, days=10, kind="cart")
    made.look("late", CHEAPER, days=2)
    made.look("late", BACK, days=2)
    made.look("early", CHEAPER, days=70)
    made.look("before", CHEAPER, days=101)
    made.look("has.it", CHEAPER, days=10)
    made.look("has.it", BACK, days=10)
    made.basket("has.it", CHEAPER, BACK, days=9)
    made.look("told", CHEAPER, days=10)
    made.look("told", CENT, days=10)
    made.look("told", BACK, days=10)
