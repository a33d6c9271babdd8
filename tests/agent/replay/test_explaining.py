"""Why decisions fell: over what the ticks kept, and the change flips each when its whole batch is decided again."""

import pytest

from agent.replay.explaining import explain_decision
from agent.replay.why_record import Why
from agent.replay.why_words import why_lines
from memory.domain.errors import NotFound, NotReady
from tools.markets import load_markets

from .live import LiveSession, live_session

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> LiveSession:
    return live_session(tmp_path_factory.mktemp("live"))


def decisions(live: LiveSession, **equal: object) -> list[str]:
    with live.store.read() as uow:
        versions = uow.batches.lake_versions()
    with live.lake.open({"decisions": versions["decisions"]}, ["nord"]) as view:
        table = view.raw("decisions")
        found = table.filter(*(table[name] == value for name, value in equal.items())).order_by("decision_id")
        ids: list[str] = found.to_pyarrow()["decision_id"].to_pylist()
        return ids


def explained(live: LiveSession, decision_id: str) -> Why:
    return explain_decision(live.store, live.lake, load_markets(), "nord", decision_id)


@pytest.mark.parametrize("reason", ["best_value", "no_value", "guardrail"])
def test_s2_23_the_terms_add_up_the_winner_leads_and_the_change_was_tried(live: LiveSession, reason: str) -> None:
    ids = decisions(live, arm="treated", chosen_reason=reason)
    assert ids
    for decision_id in ids[:3]:
        found = explained(live, decision_id)
        for one in (found.chosen, found.runner_up):
            assert one.worth_millis == sum(term.millis for term in one.terms)
        assert (found.chosen.channel != "none") == (reason == "best_value")
        assert found.change is not None
        assert found.then != found.chosen.channel
        assert found.facts["cohort"]
        if reason == "guardrail":
            assert found.change.lifted or found.change.more_slots or found.rival


@pytest.mark.parametrize(("language", "word"), [("en", "It flips to"), ("zh", "则改为")])
def test_s2_23_the_words_say_what_won_what_came_next_and_what_would_flip_it(
    live: LiveSession, language: str, word: str
) -> None:
    [decision_id, *_] = decisions(live, arm="treated", chosen_reason="best_value")
    text = "\n".join(why_lines(explained(live, decision_id), language))
    assert decision_id in text and word in text
    assert "{" not in text


def test_what_chance_chose_is_told_apart_from_what_the_plan_gives(live: LiveSession) -> None:
    ids = decisions(live, arm="treated", is_explored=True)
    assert ids
    found = explained(live, ids[0])
    assert found.chance
    assert "Chance took" in "\n".join(why_lines(found))


def test_nobody_is_explained_who_was_withheld_and_nothing_that_was_not_decided(live: LiveSession) -> None:
    [decision_id, *_] = decisions(live, arm="control")
    with pytest.raises(NotReady, match="nothing was weighed"):
        explained(live, decision_id)
    with pytest.raises(NotFound):
        explained(live, "no/such/decision")
