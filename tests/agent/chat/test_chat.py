"""A marketer drafts, asks why, changes and takes back, in English and Chinese, with and without a language model."""

import pytest

from agent.chat.events import Said
from agent.chat.intent import beside_drafting, beside_undoing
from agent.replay.run import replay
from memory.domain.clock import ManualClock
from memory.domain.errors import NotFound, NotPermitted
from memory.domain.principal import Principal
from memory.lake.lake import Lake
from memory.store.engine import Store
from tests.agent.llm.runs import endpoint
from tests.agent.llm.scripted import calls, says, scripted_llm

from .chats import ANNA, talk

pytestmark = pytest.mark.slow


def test_dc_07_without_a_language_model_the_chat_says_so_and_drafts_by_rule(
    store: Store, lake: Lake, clock: ManualClock, key: bytes
) -> None:
    with talk(store, lake, clock, key) as chat:
        chat.say("Please draft the plan")
        assert "No language model" in chat.words
        assert chat.plan.plan.planner.kind == "playbook"
        with store.read() as uow:
            stored = uow.plans.get(chat.plan.plan_id)
    assert (stored.created_by, stored.status, stored.session_id) == ("anna", "draft", chat.session_id)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Draft a plan, no SMS in Germany, and reward people who wear hats", "reward people who wear hats"),
        ("Can you draft a 90-day retention plan without SMS in Germany?", ""),
        ("帮我制定一个90天的复购计划，德国别发短信，奖励戴帽子的人", "奖励戴帽子的人"),
    ],
)
def test_dc_07_wishes_beside_a_request_for_a_plan_are_kept_or_told(
    store: Store, lake: Lake, clock: ManualClock, key: bytes, text: str, told: str
) -> None:
    """Nothing that was said is dropped: what is understood is in the first plan, the rest is named."""
    with talk(store, lake, clock, key) as chat:
        chat.say(text)
        assert ("DE", "sms") in chat.plan.plan.brief.excluded
        assert (f"({told})" in chat.words) == bool(told)


def test_dc_07_a_request_for_a_plan_whose_wish_nobody_understands_says_so(
    store: Store, lake: Lake, clock: ManualClock, key: bytes
) -> None:
    with talk(store, lake, clock, key) as chat:
        chat.say("Draft a plan for people who wear hats")
        assert "(for people who wear hats)" in chat.words
        assert chat.plan.plan.planner.kind == "playbook"


@pytest.mark.parametrize(
    "text", ["draft", "Please draft the plan", "请起草计划", "Make a plan for me.", "做一份计划吧"]
)
def test_dc_07_a_bare_request_for_a_plan_says_nothing_beside_it(text: str) -> None:
    assert beside_drafting(text) == ""


def test_dc_07_each_turn_gives_the_typed_diff_in_the_marketers_language(
    store: Store, lake: Lake, clock: ManualClock, key: bytes
) -> None:
    with talk(store, lake, clock, key) as chat:
        chat.say("起草计划")
        assert "没有配置语言模型" in chat.words
        before = chat.plan.plan_id
        chat.say("德国别发短信，预算两千欧，VIP 先买")
        after = chat.plan.plan
        assert ("DE", "sms") in after.brief.excluded
        assert after.brief.budget is not None and after.brief.budget.amount_minor == 200_000
        assert chat.changed.differences and chat.changed.words
        assert any("预算" in line for line in chat.changed.words)
        assert after.id != before


def test_dc_07_english_wishes_change_the_same_things(store: Store, lake: Lake, clock: ManualClock, key: bytes) -> None:
    with talk(store, lake, clock, key) as chat:
        chat.say("draft")
        chat.say("no SMS in Germany, spend at most 2,000 EUR, VIPs first")
        brief = chat.plan.plan.brief
    assert ("DE", "sms") in brief.excluded
    assert brief.budget is not None and str(brief.budget) == "2,000.00 EUR"
    assert brief.early_access_first[0] == "vip"


def test_dc_07_undo_goes_back_step_by_step(store: Store, lake: Lake, clock: ManualClock, key: bytes) -> None:
    with talk(store, lake, clock, key) as chat:
        chat.say("draft")
        first = chat.plan.plan_id
        chat.say("no SMS in Germany")
        second = chat.plan.plan_id
        chat.say("spend at most 2,000 EUR")
        chat.say("undo")
        assert chat.plan.plan_id == second
        chat.say("撤销")
        assert chat.plan.plan_id == first
        chat.say("undo")
        assert "nothing to take back" in chat.words


def test_dc_07_a_wish_in_the_breath_of_an_undo_is_kept(
    store: Store, lake: Lake, clock: ManualClock, key: bytes
) -> None:
    with talk(store, lake, clock, key) as chat:
        chat.say("draft")
        chat.say("no SMS in Germany")
        chat.say("undo that, spend at most 2,000 EUR")
        changed = chat.plan.plan.brief
        assert ("DE", "sms") not in changed.excluded
        assert str(changed.budget) == "2,000.00 EUR"
        chat.say("undo")
        assert chat.plan.plan.brief.budget is None, "taking back and the wish were two steps"


@pytest.mark.parametrize(
    ("text", "beside"),
    [("Undo the last change, please.", ""), ("take that back", ""), ("撤销上一步", ""), ("请撤销一下", ""),
     ("undo. Spend at most 2,000 EUR", "Spend at most 2,000 EUR"), ("撤回刚才的修改，德国别发短信", "德国别发短信")],
)  # fmt: skip
def test_dc_07_asking_to_take_back_is_told_from_what_is_said_beside_it(text: str, beside: str) -> None:
    assert beside_undoing(text) == beside


def test_dc_07_why_is_answered_from_the_plan(store: Store, lake: Lake, clock: ManualClock, key: bytes) -> None:
    with talk(store, lake, clock, key) as chat:
        chat.say("why?")
        assert "no plan yet" in chat.words
        chat.say("draft")
        chat.say("why the store credit for first-time buyers?")
        english = chat.words
        chat.say("为什么预算这样分？")
        assert len(english) > 20 and len(chat.words) > 5
        assert english != chat.words


def test_dc_04_a_wish_that_breaks_a_guardrail_is_refused_with_reasons_and_the_plan_stays(
    store: Store, lake: Lake, clock: ManualClock, key: bytes
) -> None:
    with talk(store, lake, clock, key) as chat:
        chat.say("draft")
        chat.say("holdout 1 %")
        assert any("holdout" in reason.rule for reason in chat.refused.reasons)
        chat.say("undo")
        assert "nothing to take back" in chat.words


def test_dc_07_what_nobody_understands_is_said(store: Store, lake: Lake, clock: ManualClock, key: bytes) -> None:
    with talk(store, lake, clock, key) as chat:
        chat.say("paint the ship green")
        assert "did not understand" in chat.words


def test_dc_07_a_language_model_drafts_and_reads_wishes(
    store: Store, lake: Lake, clock: ManualClock, key: bytes
) -> None:
    draft = calls("submit_plan", {"title": "By the model", "drop": {"vip": ["cross_sell"]}, "note": "n"})
    wish = says('{"changes":[{"op":"exclude_channel","channel":"sms","market":"DE"},{"op":"format_disk"}]}')
    with scripted_llm([draft, wish]) as script, talk(store, lake, clock, key, endpoint(script.base_url)) as chat:
        chat.say("draft the plan")
        assert chat.plan.plan.title == "By the model"
        chat.say("leave the phones of our German friends alone")
        after = chat.plan.plan
    assert after.brief.excluded == (("DE", "sms"),)
    assert (after.title, after.planner.kind) == ("By the model", "llm")
    assert not [step for step in after.steps() if step.id == "vip.cross_sell"]


def test_c1_a_language_model_that_fails_leaves_the_playbooks_plan(
    store: Store, lake: Lake, clock: ManualClock, key: bytes
) -> None:
    with scripted_llm([says("no")]) as script, talk(store, lake, clock, key, endpoint(script.base_url)) as chat:
        chat.say("draft")
        assert "nothing_submitted" in chat.words
        assert chat.plan.plan.planner.kind == "playbook"
        chat.say("make it nicer")
        assert "did not understand" in chat.words


def test_dc_09_a_chat_replays_offline_to_the_same_plans(
    store: Store, lake: Lake, clock: ManualClock, key: bytes
) -> None:
    draft = calls("submit_plan", {"title": "T", "drop": {"vip": ["cross_sell"]}, "note": "n"})
    wish = says('{"changes":[{"op":"exclude_channel","channel":"sms","market":"DE"}]}')
    with scripted_llm([draft, wish]) as script, talk(store, lake, clock, key, endpoint(script.base_url)) as chat:
        for text in ("draft", "leave the phones of our German friends alone", "why?", "undo", "spend at most 900 EUR"):
            chat.say(text)
        session_id = chat.session_id
    with store.read() as uow:
        stored = uow.sessions.get(session_id)
    report = replay(stored, key)
    assert report.drift == ()
    assert report.is_same and report.plan_hash_same
    assert (report.n_exchanges, report.n_played, report.n_hand_offs) == (2, 2, 0)
    assert len(report.recorded_plan_ids) == 3


def test_dc_07_a_thread_belongs_to_whoever_opened_it(store: Store, lake: Lake, clock: ManualClock, key: bytes) -> None:
    stranger = Principal(id="bob", name="Bob", grants=ANNA.grants)
    with talk(store, lake, clock, key) as chat:
        with pytest.raises(NotFound):
            list(chat.chat.turn(chat.chat_id, stranger, "draft"))
        with pytest.raises(NotPermitted):
            chat.chat.open(Principal(id="eve", name="Eve"), "nord")


def test_dc_07_a_turn_nobody_listens_to_any_more_is_still_stored(
    store: Store, lake: Lake, clock: ManualClock, key: bytes
) -> None:
    with talk(store, lake, clock, key) as chat:
        events = chat.chat.turn(chat.chat_id, ANNA, "draft")
        assert isinstance(next(events), Said)
        del events
        chat.say("why?")
        assert "no plan yet" not in chat.words
