"""Which language model is set up, and whether it answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agent.assembly import App, assemble
from agent.settings import load_settings
from api.verbs import llm
from memory.domain.clock import ManualClock
from memory.domain.errors import NotPermitted, NotReady
from tests.agent.llm.scripted import Dripped, Reply, says, scripted_llm
from tests.api.verbs.acting import as_
from tests.factories.shop import a_shop


@contextmanager
def _with_llm(home: Path, clock: ManualClock, reply: Reply) -> Iterator[App]:
    with scripted_llm([reply]) as script:
        app = assemble(
            load_settings(home=home, llm_base_url=script.base_url, llm_model="scripted", llm_api_key="sk-secret"), clock
        )
        with app.store.unit_of_work() as uow:
            uow.shops.add(a_shop())
        yield app
        app.close()


def test_without_one_it_says_how_to_set_one_up(installation: App) -> None:
    mia = as_(installation, "mia", "marketer")
    assert llm.status(mia) == llm.LlmStatus(llm="", address="", has_key=False)
    with pytest.raises(NotReady, match="SECONDORDER_LLM_BASE_URL"):
        llm.trial(mia)


def test_the_configured_one_answers_with_name_and_seconds(home: Path, clock: ManualClock) -> None:
    with _with_llm(home, clock, says("ready")) as app:
        mia = as_(app, "mia", "marketer")
        found = llm.trial(mia)
        assert (found.llm, found.answer) == ("scripted", "ready")
        assert 0 <= found.seconds < 20
        assert "sk-secret" not in str(llm.status(mia))
        with pytest.raises(NotPermitted):
            llm.trial(as_(app, "vic", "viewer"))


def test_one_that_never_ends_is_given_up(home: Path, clock: ManualClock) -> None:
    with _with_llm(home, clock, Dripped("body")) as app, pytest.raises(NotReady, match="s for one answer"):
        llm.trial(as_(app, "mia", "marketer"), 0.4)
