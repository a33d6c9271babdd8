"""Channels and the language model as HTML."""

from datetime import UTC, datetime

from agent.settings import Settings, variable
from api.ui.settings.connect_view import VARIABLES, render_channel, render_llm
from api.ui.shell.words import LANGUAGES, words
from api.verbs.channels import ChannelStatus, WarmUpStatus
from api.verbs.llm import LlmStatus

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def _status(**changes: object) -> ChannelStatus:
    fields = {
        "channel": "email", "sender": "mailbox", "contract": "a folder <b>", "kind": "keyed", "is_live": False,
        "is_ready": False, "circuit": "closed", "opens_again_at": None, "trouble": "",
    }  # fmt: skip
    return ChannelStatus.model_validate({**fields, **changes})


def test_every_named_variable_is_one_of_the_settings() -> None:
    known = {variable(field) for field in Settings.model_fields}
    assert {one for names in VARIABLES.values() for one in names} <= known


def test_a_channel_that_reaches_nobody_says_what_to_set() -> None:
    for language in LANGUAGES:
        html = render_channel(_status(), words(language), "Europe/Berlin")
        assert "SECONDORDER_SMTP_URL" in html
        assert "<b>" not in html
    assert "SECONDORDER" not in render_channel(_status(is_live=True, is_ready=True), words("en"), "Europe/Berlin")


def test_a_channel_in_trouble_and_a_domain_that_warms_up_say_so() -> None:
    warm = WarmUpStatus(
        domain="nord.shop", started_at=NOW, is_done=False, ceiling=1_500, n_held=20, paused_at=None, reason=""
    )
    html = render_channel(
        _status(is_live=True, circuit="open", trouble="450 later", warm_up=warm), words("en"), "Europe/Berlin"
    )
    assert "450 later" in html
    assert "at most 1,500 mails today, 20 wait" in html
    held = warm.model_copy(update={"paused_at": NOW, "reason": "complaints"})
    assert "complaints" in render_channel(_status(is_live=True, warm_up=held), words("en"), "Europe/Berlin")
    done = warm.model_copy(update={"is_done": True, "ceiling": None})
    assert "nord.shop is warm" in render_channel(_status(is_live=True, warm_up=done), words("en"), "Europe/Berlin")


def test_the_language_model_shows_its_name_and_never_a_key() -> None:
    assert "SECONDORDER_LLM_MODEL" in render_llm(LlmStatus(llm="", address="", has_key=False), words("en"))
    html = render_llm(LlmStatus(llm="qwen<3", address="http://127.0.0.1/v1", has_key=True), words("en"))
    assert "qwen&lt;3" in html
    assert "with a key" in html
