"""Measuring: each contender runs in a process of its own, contenders take turns, the smallest of k counts."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
_CHOSEN: list[int] = []


def choose_people(n: int) -> None:
    """Let benchmarks whose shop can have any size have one of `n` people."""
    _CHOSEN[:] = [n]


def n_people(short: bool, usual: int = 1_000_000) -> int:
    """Give the people of a benchmark's shop: those chosen, else few for a short run, else the usual number."""
    return _CHOSEN[0] if _CHOSEN else 2_000 if short else usual


@dataclass(frozen=True)
class Measured:
    """One run of one contender."""

    cpu_seconds: float
    """CPU seconds of all threads, without starting Python and importing."""
    wall_seconds: float
    """Seconds on the clock."""
    peak_mb: float
    """Largest resident memory of the whole process in MB."""
    result: str
    """What it computed, to hold contenders against each other."""


@dataclass(frozen=True)
class Figure:
    """One printed line: ours beside the peer's."""

    what: str
    """What was measured."""
    ours: float
    """Our figure."""
    peer: float | None
    """The peer's in the same run."""
    unit: str
    """Unit of both."""
    peer_name: str
    """Who the peer is."""
    goal: str = ""
    """What we want, where a goal was set."""

    @property
    def ratio(self) -> float | None:
        """Ours over the peer's; none without a peer."""
        return self.ours / self.peer if self.peer else None

    def __str__(self) -> str:
        """Show the figure on one line."""
        beside = f"  {self.peer:10.2f} {self.peer_name}  ratio {self.ratio:.2f}" if self.peer else ""
        return f"{self.what:44} {self.ours:10.2f} {self.unit}{beside}{'  goal ' + self.goal if self.goal else ''}"


def measure(module: str, contender: str, *arguments: str) -> Measured:
    """Run one contender of a benchmark module in a new process and give what it printed about itself."""
    command = [sys.executable, "-m", module, contender, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr}")
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def take_turns(module: str, contenders: Sequence[str], k: int, *arguments: str) -> dict[str, Measured]:
    """Let the contenders take turns k times; give for each the run with the fewest CPU seconds.

    The peak memory is the largest of its runs; raise where two contenders computed different things.
    """
    runs: dict[str, list[Measured]] = {name: [] for name in contenders}
    for _ in range(k):
        for name in contenders:
            runs[name].append(measure(module, name, *arguments))
    results = {run.result for several in runs.values() for run in several}
    if len(results) != 1:
        raise RuntimeError(f"{module}: the contenders disagree: {results}")
    best = {name: min(several, key=lambda run: run.cpu_seconds) for name, several in runs.items()}
    return {
        name: Measured(run.cpu_seconds, run.wall_seconds, max(other.peak_mb for other in runs[name]), run.result)
        for name, run in best.items()
    }


def contend(contenders: Mapping[str, Callable[..., str]]) -> None:
    """Be the process of one contender: run it with the command line's arguments and print what it took."""
    run, arguments = contenders[sys.argv[1]], sys.argv[2:]
    cpu, wall = time.process_time(), time.perf_counter()
    result = run(*arguments)
    taken = Measured(time.process_time() - cpu, time.perf_counter() - wall, peak_mb(), result)
    print(json.dumps(asdict(taken)))


def peak_mb() -> float:
    """Give the largest resident memory of this process in MB (the kernel's VmHWM, which starts anew with exec)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    [line] = [line for line in lines if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1024
