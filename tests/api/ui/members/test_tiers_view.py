from agent.loyalty.privileges import TierPrivileges
from api.ui.members.tiers_view import privileges_table, tier_name, tiers_table
from api.ui.shell.words import LANGUAGES, words
from memory.domain.loyalty import (
    BirthdayGift,
    DedicatedService,
    EarlyPurchase,
    NewProductTrial,
    PointsMultiplier,
    Privilege,
    Tier,
    TierRule,
)
from tests.tools.loyalty.programme import a_programme, eur

EVERY: tuple[Privilege, ...] = (
    BirthdayGift(points=100, cost=eur(300)), DedicatedService(contact="<b>desk", cost=eur(1_000)),
    NewProductTrial(per_year=2, cost=eur(900)), PointsMultiplier(percent=150, cost=eur(200)),
    EarlyPurchase(hours=48, cost=eur(0)),
)  # fmt: skip
LOWEST = Tier(id="bronze", min_spend_minor=0, min_orders=0)


def rule(*privileges: Privilege, basis: str = "either") -> TierRule:
    own = Tier(id="club", min_spend_minor=20_000, min_orders=3, privileges=privileges)
    return TierRule.model_validate({"basis": basis, "window_days": 365, "tiers": (LOWEST, own)})


def test_tiers_are_there_before_their_members_are_counted() -> None:
    programme = a_programme()
    html = tiers_table(programme, None, words("en"), "EUR")
    assert html.count("…") == 2 * len(programme.tiers) and html.index("Diamond") < html.index("Bronze")
    counted = tuple(
        TierPrivileges(tier=tier.id, n_members=n, privileges=(), cost_at_most=())
        for tier, n in zip(programme.tiers, (1_500, 300, 150, 50), strict=True)
    )
    html = tiers_table(programme, counted, words("en"), "EUR")
    assert "…" not in html and "Members: 2,000." in html and "75.0%" in html and "€1,000.00 spent, or 10 orders" in html
    empty = tuple(one.model_copy(update={"n_members": 0}) for one in counted)
    assert "–" in tiers_table(programme, empty, words("en"), "EUR")


def test_a_tier_asks_by_the_rule_of_the_programme_and_keeps_a_name_of_its_own() -> None:
    by = {basis: tiers_table(a_programme(tier_rule=rule(basis=basis)), None, words("en"), "EUR")
          for basis in ("spend", "orders", "either")}  # fmt: skip
    assert "€200.00 spent<" in by["spend"] and ">3 orders<" in by["orders"] and "or 3 orders" in by["either"]
    assert "last 365 days" in by["spend"] and tier_name("club", words("zh")) == "club"
    assert tier_name("gold", words("zh")) == "金卡"


def test_s1_23_every_privilege_is_told_in_both_languages_with_its_cost_and_what_all_of_it_would_cost() -> None:
    programme = a_programme(tier_rule=rule(*EVERY))
    most = tuple(one.cost.model_copy(update={"amount_minor": 10 * one.cost.amount_minor}) for one in EVERY)
    counted = (TierPrivileges(tier="club", n_members=10, privileges=EVERY, cost_at_most=most),)
    for language in LANGUAGES:
        html = privileges_table(programme, counted, words(language))
        assert html.count("<tr>") == 1 + len(EVERY) and "&lt;b&gt;desk" in html and "€100.00" in html
    assert "…" in privileges_table(programme, None, words("en"))
    assert "No tier" in privileges_table(a_programme(), None, words("en"))


def test_a_birthday_may_bring_an_article_or_a_discount() -> None:
    gifts = (BirthdayGift(gives="gift", sku="mug", cost=eur(1)), BirthdayGift(gives="discount", rate=0.1, cost=eur(1)))
    said = [privileges_table(a_programme(tier_rule=rule(one)), None, words("en")) for one in gifts]
    assert "Article mug" in said[0] and "10% off" in said[1]
