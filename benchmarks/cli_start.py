"""How long `secondorder --help` takes beside `python -c 'import typer'`."""

import resource
import subprocess
import sys

from .measure import ROOT, Figure

HELP = [sys.executable, "-m", "api.cli.main", "--help"]
TYPER = [sys.executable, "-c", "import typer"]


def run(short: bool) -> list[Figure]:
    """Give CPU seconds of both, the smallest of k runs that take turns."""
    ours, peer = [], []
    for _ in range(1 if short else 7):
        ours.append(_cpu_seconds(HELP))
        peer.append(_cpu_seconds(TYPER))
    return [Figure("secondorder --help", min(ours), min(peer), "CPU s", "import typer")]


def _cpu_seconds(command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
