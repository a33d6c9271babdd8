"""A1 in short: SIGKILL at every fault point, judged by the provider's journal; the long form is `make faults`."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from memory.faults import FaultsRefused, arm
from tests.agent.dispatch.conftest import KEY, planned_database
from tests.factories.doing import LIVE_AT

__all__ = ["planned_database"]


def kills(database: Path, tmp_path: Path, *words: str) -> tuple[int, Any]:
    """Run the command on a copy in a process of its own, as people do."""
    from datetime import timedelta

    copy = tmp_path / "template.db"
    shutil.copyfile(database, copy)
    at = (LIVE_AT + timedelta(days=1, hours=10)).isoformat()
    given = ["--template", f"{copy},nord,{at},{KEY.hex()}"]
    command = [sys.executable, "-m", "eval.faults.kills", *words, *given]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


@pytest.mark.slow
@pytest.mark.parametrize("provider", ["keyed", "blind"])
def test_a1_kill_9_at_every_point_doubles_nothing_and_loses_nothing(
    planned_database: tuple[Path, Any], tmp_path: Path, provider: str
) -> None:
    code, report = kills(planned_database[0], tmp_path, "--kills", "28", "--provider", provider)
    assert code == 0, report
    assert report["n_kills"] >= 28
    assert all(n > 0 for n in report["kills"].values())
    assert report["n_doubled"] == report["n_lost"] == report["n_unlisted"] == report["n_wrong_commits"] == 0
    assert provider == "blind" or report["n_unknown"] == 0


@pytest.mark.slow
@pytest.mark.parametrize("bug", ["send-then-mark", "retry-stale"])
def test_a1_planted_bugs_are_caught(planned_database: tuple[Path, Any], tmp_path: Path, bug: str) -> None:
    words = ("--kills", "12", "--provider", "blind", "--planted", bug)
    code, report = kills(planned_database[0], tmp_path, *words)
    assert code == 1
    assert report["n_doubled"] > 0


def test_a1_faults_can_be_armed_in_a_test_profile_only() -> None:
    with pytest.raises(FaultsRefused, match="production"):
        arm("K5", "production")
    with pytest.raises(FaultsRefused, match="K99"):
        arm("K99", "test")
    arm("", "production")
