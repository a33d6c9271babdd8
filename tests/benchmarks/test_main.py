import subprocess
import sys

import pytest

from benchmarks.__main__ import main
from benchmarks.measure import ROOT, Figure, n_people
from benchmarks.registry import BENCHMARKS

LONG = {
    "allocation",
    "compiling",
    "daily_profiles",
    "goods",
    "import_orders",
    "lift",
    "load",
    "profiles",
    "read_tools",
    "slow_provider",
    "stopping",
    "trees",
    "thanks",
    "unsubscribe_flood",
    "workspace",
}
"""Those whose short form takes many seconds."""


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.long) if name in LONG else name for name in sorted(BENCHMARKS)]
)
def test_every_benchmark_runs_in_short_form_and_prints_figures_beside_a_peer(name: str) -> None:
    _title, run = BENCHMARKS[name]
    figures = run(True)
    if name == "import_orders" and not figures:
        pytest.skip("the real data is not in ../shared/data")
    if name == "workspace" and not figures:
        pytest.skip("Debian's chromium is not installed")
    assert figures
    for figure in figures:
        assert figure.ours > 0
        assert figure.ratio is not None
        assert figure.peer_name in str(figure)


def test_an_unknown_benchmark_is_named_with_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nothing"]) == 2
    assert "profiles" in capsys.readouterr().out


def test_the_size_of_a_shop_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.measure._CHOSEN", [])
    assert (n_people(short=True), n_people(short=False)) == (2_000, 1_000_000)
    assert main(["nothing", "--people", "50000"]) == 2
    assert n_people(short=True) == n_people(short=False) == 50_000


def test_a_ratio_needs_a_peer() -> None:
    assert Figure("x", 3.0, 2.0, "s", "peer").ratio == 1.5
    assert Figure("x", 3.0, None, "s", "nobody").ratio is None
    assert "goal <= 1.15" in str(Figure("x", 3.0, 2.0, "s", "peer", "<= 1.15"))


@pytest.mark.slow
def test_contenders_that_compute_different_things_are_refused() -> None:
    script = (
        "from benchmarks import measure\n"
        "measure.measure = lambda module, name, *rest: measure.Measured(1.0, 1.0, 1.0, name)\n"
        "measure.take_turns('m', ['a', 'b'], 1)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "disagree" in done.stderr
