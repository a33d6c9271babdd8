"""Goods: what a rule would show whom as of now, and whether somebody may buy what is for owners only."""

from typing import TYPE_CHECKING

from memory.domain.base import Count, Frozen, MinorUnits
from memory.domain.plan import Goods, GoodsRuleId
from memory.domain.thanks import Sku

from .acting import Acting
from .customer import Customer, person_of

if TYPE_CHECKING:
    from memory.domain.outcome import Verdict


class ShownGoods(Frozen):
    """One article a rule shows one person."""

    person_id: str
    """The person, as a pseudonym."""
    sku: str
    """The article."""
    title: str
    """Its name; untrusted text."""
    price_minor: MinorUnits
    """Its price in the shop's currency."""


class RuleLook(Frozen):
    """What a goods rule would show as of now."""

    rule: GoodsRuleId
    """Which."""
    n_people: Count
    """Everybody who ever bought or looked."""
    n_served: Count
    """For how many of them it finds anything."""
    examples: tuple[ShownGoods, ...]
    """The first articles, by person."""


class BuyQuestion(Frozen):
    """Who wants to buy what."""

    sku: Sku
    """The article."""
    customer: Customer
    """Who."""


def look(acting: Acting, rule: GoodsRuleId, n_examples: int = 10) -> RuleLook:
    """Say for how many people a goods rule finds anything as of now, with examples; nobody is sent anything."""
    from tools.recommendations import Query, pick

    acting.require("read")
    shop = acting.shop()
    with acting.facts() as view:
        orders, events = view.table("orders"), view.table("events")
        people = orders.select("person_id").union(events.select("person_id")).distinct()
        people = view.once("goods_people", lambda: people.filter(people.person_id.notnull()))
        query = Query(view, people, Goods(rule=rule), shop, acting.as_of(view))
        found = view.once("goods_found", lambda: pick(query))
        counts = found.agg(n=found.person_id.nunique()).cross_join(people.agg(n_people=people.count()))
        n = counts.to_pyarrow().to_pylist()[0]
        rows = found.order_by(["person_id", "n"]).limit(n_examples).to_pyarrow().to_pylist()
    examples = tuple(ShownGoods(**{name: row[name] for name in ShownGoods.model_fields}) for row in rows)
    return RuleLook(rule=rule, n_people=n["n_people"], n_served=n["n"], examples=examples)


def may_buy(acting: Acting, question: BuyQuestion) -> "Verdict":
    """Say whether a customer may buy an article; refills and bundles for owners need a component bought before."""
    from tools.recommendations.eligibility import may_buy as ask

    acting.require("intake")
    with acting.app.store.read() as uow:
        person = person_of(acting, uow, question.customer)
        subjects = uow.identities.subjects_of([person])[person] if person else set()
        tables = uow.versions.latest().tables
    with acting.app.lake.open(tables, [acting.shop_id], subjects=subjects or {""}) as view:
        return ask(view, person, question.sku, acting.app.clock.now())
