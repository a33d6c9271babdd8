"""Run the long forms: `python -m eval.faults`, or those named: `python -m eval.faults kills zones`."""

import subprocess
import sys

from eval.naming import asked_names

LONG: dict[str, tuple[tuple[str, ...], ...]] = {
    "kills": (("--kills", "1000", "--provider", "keyed"), ("--kills", "1000", "--provider", "blind")),
    "pauses": (("--pauses", "210", "--provider", "keyed"), ("--pauses", "210", "--provider", "blind")),
    "clocks": (
        ("--rounds", "200", "--provider", "keyed"),
        ("--rounds", "200", "--provider", "blind"),
        ("--rounds", "50", "--provider", "blind", "--faked"),
    ),
    "storage": (("--rounds", "200", "--provider", "keyed"), ("--rounds", "200", "--provider", "blind")),
    "adversarial_plans": (("100000", "1000"),),
    "cap_race": (("--workers", "16", "--people", "400"),),
    "zones": ((),),
    "injections": ((),),
    "garbage": ((),),
    "canaries": ((),),
    "session_mutants": ((),),
    "event_latency": ((),),
}
"""What each is run with; every one says 0 where all figures that must be zero are, and 1 where one is not."""


def main(words: list[str]) -> int:
    """Run one after the other, each in a process of its own; 1 where any failed, 2 for an unknown name."""
    names = asked_names("eval.faults", __doc__, LONG, words)
    if names is None:
        return 2
    codes = [_run(name, given) for name in names for given in LONG[name]]
    return int(any(codes))


def _run(name: str, given: tuple[str, ...]) -> int:
    sys.stdout.write(f"== {name} {' '.join(given)}\n")
    sys.stdout.flush()
    command = [sys.executable, "-m", f"eval.faults.{name}", *given]
    return subprocess.run(command, check=False).returncode  # noqa: S603  our own module, our own words


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
