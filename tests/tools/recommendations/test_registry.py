"""The goods rules: each has a name of its own, says it in its first line, and is a rule a plan may name."""

import inspect
from typing import get_args

from memory.domain.plan import GoodsRuleId
from tools.recommendations import RULES, rule_of


def test_every_rule_a_plan_may_name_exists_once() -> None:
    assert sorted(rule.id for rule in RULES) == sorted(get_args(GoodsRuleId))
    assert all(rule_of(rule.id) is rule for rule in RULES)


def test_every_rule_says_its_name_in_its_module() -> None:
    for rule in RULES:
        module = inspect.getmodule(rule.options)
        assert module is not None
        assert (module.__doc__ or "").startswith(f"`{rule.id}`: ")


def test_notices_show_one_article_and_only_what_is_owned_needs_no_stock() -> None:
    assert {rule.id for rule in RULES if rule.is_notice} == {"price_drop", "back_in_stock"}
    assert {rule.id for rule in RULES if not rule.needs_stock} == {"bought"}
    assert all((rule.n_shown == 1) == rule.is_notice for rule in RULES)
