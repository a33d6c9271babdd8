"""The long form of the fuzzing: `python -m tests.api.http.fuzz --examples 50` runs every phase over real HTTP.

Examples, coverage, fuzzing and stateful sequences from the OpenAPI document; no server error, no answer that is not
documented, no route that ignores a missing or wrong token.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agent.assembly import assemble
from agent.settings import load_settings
from api.http.app import create_api
from memory.domain.clock import ManualClock
from tests.api.conftest import token_of
from tests.api.serving import serving
from tests.factories.shop import a_shop
from tests.factories.small_shop import ANCHOR_AT

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,ignored_auth"
PHASES = "examples,coverage,fuzzing,stateful"
LEFT_OUT = r"^/api/(tokens|principals)"
"""Routes that would end the fuzzing token's own rights; the short form fuzzes them one by one."""


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, str]]:
    """Give the address of a server with one shop, and the Authorization of somebody who may do everything."""
    settings = load_settings(home=folder / "home", requests_per_minute=1_000_000, log_level="error")
    app = assemble(settings, ManualClock(ANCHOR_AT))
    with app.store.unit_of_work() as uow:
        uow.shops.add(a_shop())
    headers = token_of(app, "ann", "admin", "approver", "marketer", "evaluator")
    with serving(create_api(app)) as address:
        yield address, headers["Authorization"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=50)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--phases", default=PHASES)
    given = parser.parse_args()
    program = shutil.which("schemathesis", path=str(Path(sys.executable).parent))
    assert program, "schemathesis comes with the development dependencies"
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as (address, authorization):
        command = [program, "run", f"{address}/openapi.json", "--header", f"Authorization: {authorization}"]
        command += ["--checks", CHECKS, "--phases", given.phases, "--max-examples", str(given.examples)]
        command += ["--seed", str(given.seed), "--exclude-path-regex", LEFT_OUT, "--no-color"]
        raise SystemExit(subprocess.run(command, check=False, cwd=folder).returncode)


if __name__ == "__main__":
    main()
