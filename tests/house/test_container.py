"""The image and the compose file name only what is there; no container engine runs here."""

import re

import yaml

from agent.settings import Settings, variable
from api.http.access import PUBLIC

from .tree import ROOT, tracked

DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
VARIABLES = {variable(field) for field in Settings.model_fields}


def test_everything_copied_is_tracked_and_let_through() -> None:
    names = {path.relative_to(ROOT).parts[0] for path in tracked()}
    allowed = {line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().splitlines() if line[0] == "!"}
    copied = {
        word
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
        for word in line.split()[:-1]
    }  # fmt: skip
    assert copied == allowed
    assert copied <= names
    assert {"agent", "api", "eval", "memory", "prompts", "tools"} <= copied


def test_every_variable_is_a_setting() -> None:
    used = set(re.findall(r"SECONDORDER_[A-Z_]+", DOCKERFILE))
    used |= {name for service in COMPOSE["services"].values() for name in service["environment"] if "SECOND" in name}
    assert "SECONDORDER_DATABASE_URL" in used
    assert not used - VARIABLES


def test_the_commands_are_ours_and_the_probe_is_a_public_route() -> None:
    from typer.main import get_command

    from api.cli.main import app

    commands = set(get_command(app).commands)  # type: ignore[attr-defined]
    ours = [service["command"][0] for service in COMPOSE["services"].values() if "build" in service]
    assert len(ours) == 2
    assert set(ours) <= commands
    probed = re.findall(r"127\.0\.0\.1:8080(/\w+)", DOCKERFILE)
    assert probed and set(probed) <= set(PUBLIC)


def test_the_server_runs_without_rights_and_holds_no_secret() -> None:
    assert re.search(r"^USER (?!root)\w", DOCKERFILE, re.MULTILINE)
    assert "PASSWORD=" not in DOCKERFILE
    passwords = re.findall(r"PASSWORD: (.+)", (ROOT / "compose.yaml").read_text())
    assert passwords and all(value.startswith("${") for value in passwords)
