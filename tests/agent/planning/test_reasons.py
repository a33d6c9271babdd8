"""Reasons of guardrails in the reader's language: every code of every rule has its Chinese sentence and its figures."""

import ast
import inspect
import re
import sys
from typing import get_args

import pytest

from agent.guardrails.checking import NO_RULE
from agent.guardrails.registry import RULES
from agent.guardrails.rule import Rule
from agent.planning.catalogue.template import FlowStep
from agent.planning.reason_words import FLOW, OFFERS, SENTENCES, Unit
from agent.planning.reasons import SHOW, reason_in_words
from memory.domain.outcome import Blocked
from tools.offers.registry import OFFER_KINDS


def _codes(rule: Rule) -> set[str]:
    """Every code that the rule's file gives to `self.reason`."""
    tree = ast.parse(inspect.getsource(sys.modules[type(rule).__module__]))
    calls = [one for one in ast.walk(tree) if isinstance(one, ast.Call) and ast.unparse(one.func) == "self.reason"]
    codes = [one.args[0] for one in calls]
    assert all(isinstance(code, ast.Constant) for code in codes)
    return {str(code.value) for code in codes if isinstance(code, ast.Constant)}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_reason_of_every_guardrail_has_chinese_words(rule: Rule) -> None:
    worded = SENTENCES[rule.id]
    assert _codes(rule) <= set(worded)
    for code, (sentence, _) in worded.items():
        assert re.search("[\u4e00-\u9fff]", sentence), code
        assert not sentence.endswith("。")  # what is shown closes it


def test_a_rule_without_words_would_be_found() -> None:
    assert set(SENTENCES) - {NO_RULE} == {rule.id for rule in RULES}
    assert sum(len(_codes(rule)) for rule in RULES) > 40
    assert set(SHOW) == set(get_args(Unit))
    assert set(FLOW) == set(get_args(FlowStep)) and set(OFFER_KINDS) <= set(OFFERS)


@pytest.mark.parametrize(
    ("rule", "code", "path", "limit", "actual", "said"),
    [
        ("margin_floor", "below_margin_floor", "offers.vip.store_credit", "0.15", "0.1499",
         "VIP的店铺抵用金：最坏订单的毛利率低于底线（此处为 14.99%，限值为 15%）。"),
        ("quiet_hours", "quiet_hours", "journeys.vip.steps.vip.early_access", "09:00-20:00", "1290",
         "发送时间在店铺允许的时段之外（此处为 21:30，限值为 09:00-20:00）。"),
        ("budget_share", "outside_path_step", "budget.total", "0.2..0.25", "0.31",
         "预算总额：购后投入在营销预算中的占比超出了这一步允许的范围（此处为 31%，限值为 20%–25%）。"),
        ("channels", "channel_not_allowed", "journeys.vip.steps.vip.early_access", "email, push", "sms",
         "使用了不允许的渠道（此处为 短信，限值为 邮件、推送）。"),
        ("five_step_flow", "flow_step_missing", "journeys.vip", "care_guide", "usage_guide",
         "VIP的旅程：缺少五步流程中的一步；请添加，或写明不做的理由（此处为 使用指南）。"),
        ("distinct_journeys", "same_journey", "journeys.vip", "", "first_time",
         "VIP的旅程：与另一人群的步骤完全相同，请加以区分（此处为 首单客户）。"),
        ("budget_share", "share_misstated", "budget.share_rate", "0.2", "None",
         "营销预算占比：方案写明的占比与按金额算出的不符（此处为 None，限值为 20%）。"),
    ],
)  # fmt: skip
def test_the_sentence_names_place_and_figures_in_their_unit(
    rule: str, code: str, path: str, limit: str, actual: str, said: str
) -> None:
    reason = Blocked(rule=rule, code=code, message="In English.", path=path, limit=limit, actual=actual)
    found = reason_in_words(reason, "zh")
    assert found is not None and found.endswith(said)
    assert reason_in_words(reason, "en") == "In English."


def test_a_reason_nobody_worded_has_none() -> None:
    assert reason_in_words(Blocked(rule="toolbox", code="bad_arguments", message="No."), "zh") is None
