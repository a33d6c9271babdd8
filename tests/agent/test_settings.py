import re
from pathlib import Path

import pytest

from agent.settings import BadSettings, Settings, load_settings, unknown_variables, variable

DOCS = Path(__file__).parents[2] / "docs" / "settings.md"


def test_defaults_lie_in_the_home_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SECONDORDER_HOME", str(tmp_path))
    settings = load_settings()
    assert settings.lake == tmp_path / "lake"
    assert settings.database_url == f"sqlite:///{tmp_path}/secondorder.db"
    assert not settings.has_llm


def test_an_argument_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECONDORDER_AS", "ann")
    assert load_settings().as_principal == "ann"
    assert load_settings(as_principal="bob").as_principal == "bob"


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("SECONDORDER_PORT", "many", "integer"),
        ("SECONDORDER_LLM_BASE_URL", "localhost:1", "full address"),
        ("SECONDORDER_SMTP_URL", "mail.example", "smtp://"),
        ("SECONDORDER_LOG_LEVEL", "loud", "info"),
        ("SECONDORDER_LLM_MAX_COST", "-1", "greater"),
    ],
)
def test_a_wrong_value_is_named_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, remedy: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings) as caught:
        load_settings()
    assert name in str(caught.value)
    assert remedy in str(caught.value)


def test_settings_that_belong_together_are_asked_for_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECONDORDER_LLM_MODEL", "some")
    with pytest.raises(BadSettings, match="LLM_BASE_URL"):
        load_settings()
    monkeypatch.delenv("SECONDORDER_LLM_MODEL")
    monkeypatch.setenv("SECONDORDER_WEBHOOK_URL", "https://hooks.example")
    with pytest.raises(BadSettings, match="WEBHOOK_SECRET"):
        load_settings()
    monkeypatch.delenv("SECONDORDER_WEBHOOK_URL")
    monkeypatch.setenv("SECONDORDER_TWILIO_ACCOUNT", "AC1")
    with pytest.raises(BadSettings, match="TWILIO_TOKEN"):
        load_settings()
    monkeypatch.delenv("SECONDORDER_TWILIO_ACCOUNT")
    monkeypatch.setenv("SECONDORDER_DKIM_KEY", "key.pem")
    with pytest.raises(BadSettings, match="DKIM_SELECTOR"):
        load_settings()


def test_d4_the_hosts_of_shops_are_json_and_a_typing_error_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECONDORDER_WEBHOOK_HOSTS", '{"nord": ["hooks.example.com"]}')
    assert load_settings().webhook_hosts == {"nord": ("hooks.example.com",)}
    monkeypatch.setenv("SECONDORDER_WEBHOOK_HOSTS", "hooks.example.com")
    with pytest.raises(BadSettings, match="SECONDORDER_WEBHOOK_HOSTS"):
        load_settings()


def test_secrets_are_not_in_the_repr() -> None:
    settings = load_settings(
        llm_api_key="key-canary",
        webhook_secret="hook-canary",
        hook_secrets="in-canary",
        twilio_account="AC1",
        twilio_token="sms-canary",
        twilio_from="+15005550006",
        smtp_url="smtp://u:mail-canary@h",
        database_url="postgresql://u:db-canary@h/n",
    )
    assert "canary" not in repr(settings)


def test_a_misspelt_variable_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECONDORDER_LLM_BASEURL", "x")
    assert unknown_variables() == ("SECONDORDER_LLM_BASEURL",)


def test_every_setting_is_documented_with_its_default() -> None:
    rows = re.findall(r"^\| `(SECONDORDER_\w+)` \| ([^|]+) \|", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(name for name, _ in rows) == sorted(variable(field) for field in Settings.model_fields)
    written = {name: default.strip(" `") for name, default in rows}
    for field, info in Settings.model_fields.items():
        if info.default_factory is None and info.default not in ("", None):
            assert written[variable(field)] == str(info.default), field
