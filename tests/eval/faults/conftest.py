"""A store whose messages wait, as the commands of the fault runs take it."""

import json
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.agent.dispatch.conftest import KEY, desk, planned_database
from tests.factories.doing import LIVE_AT

__all__ = ["desk", "planned_database"]


class FaultRun(NamedTuple):
    """Runs a command of `eval.faults` on a copy in a process of its own, as people do."""

    database: Path
    folder: Path

    def __call__(
        self, name: str, *words: str, takes_template: bool = True, environment: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        copy = self.folder / "template.db"
        shutil.copyfile(self.database, copy)
        at = (LIVE_AT + timedelta(days=1, hours=10)).isoformat()
        given = ["--template", f"{copy},nord,{at},{KEY.hex()}"] if takes_template else []
        command = [sys.executable, "-m", f"eval.faults.{name}", *words, *given]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900, env=environment)
        assert done.stdout, done.stderr
        return done.returncode, json.loads(done.stdout)


@pytest.fixture
def fault_run(planned_database: tuple[Path, Any], tmp_path: Path) -> FaultRun:
    return FaultRun(planned_database[0], tmp_path)
