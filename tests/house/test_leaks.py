"""Nothing is committed that belongs to a machine, a registry or a person."""

import re

import pytest

from .tree import ROOT, tracked

LEAK = re.compile(
    "|".join(
        [
            "pypi" + r"\.org",
            "python" + r"hosted",
            r"registry\." + "npmjs",
            "deb" + r"\.debian\.org",
            r"(?<![\w./-])/" + r"(?:work|farm|root|home/\w+)/",
            "/tmp/" + "bash_jobs",
            r"-----BEGIN [A-Z ]*PRIVATE " + "KEY",
            r"sk-[A-Za-z0-9]{32,}",
        ]
    )
)


def leaks(text: str) -> list[int]:
    return [number for number, line in enumerate(text.splitlines(), 1) if LEAK.search(line)]


def test_no_tracked_file_names_a_machine_a_registry_or_a_secret() -> None:
    found = {}
    for path in tracked():
        if path.stat().st_size < 2_000_000 and (lines := leaks(path.read_text(errors="replace"))):
            found[str(path.relative_to(ROOT))] = lines
    assert not found


@pytest.mark.parametrize(
    "line", ["see /" + "work/main/x", "https://py" + "pi.org/simple", "key = 'sk-" + "a" * 40 + "'"]
)
def test_a_planted_leak_is_found(line: str) -> None:
    assert leaks(line) == [1]
