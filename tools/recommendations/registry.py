"""Every goods rule there is; a new one adds its line here."""

from memory.domain.plan import GoodsRuleId

from .rule import GoodsRule
from .rules import (
    back_in_stock,
    bought,
    category_interest,
    complement,
    newest,
    pairing,
    price_drop,
    refill,
    replenish,
    restock,
    under_price,
    upgrade,
    well_reviewed,
)

RULES: tuple[GoodsRule, ...] = (
    newest.RULE,
    category_interest.RULE,
    pairing.RULE,
    well_reviewed.RULE,
    complement.RULE,
    replenish.RULE,
    under_price.RULE,
    restock.RULE,
    bought.RULE,
    price_drop.RULE,
    back_in_stock.RULE,
    upgrade.RULE,
    refill.RULE,
)
_BY_ID = {rule.id: rule for rule in RULES}


def rule_of(rule_id: GoodsRuleId) -> GoodsRule:
    """Give the rule of that name."""
    return _BY_ID[rule_id]
