"""Run the long forms: `python -m eval.faults`, or those named: `python -m eval.faults kills zones`."""

import argparse
import subprocess
import sys

LONG: dict[str, tuple[tuple[str, ...], ...]] = {
    "kills": (("--kills", "1000", "--provider", "keyed"), ("--kills", "1000", "--provider", "blind")),
    "pauses": (("--pauses", "210", "--provider", "keyed"), ("--pauses", "210", "--provider", "blind")),
    "clocks": (("--rounds", "200", "--provider", "keyed"), ("--rounds", "200", "--provider", "blind")),
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
    parser = argparse.ArgumentParser(prog="eval.faults", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"any of: {', '.join(LONG)}; all where none is given")
    asked = parser.parse_args(words)
    unknown = sorted(set(asked.names) - set(LONG))
    if unknown:
        sys.stderr.write(f"no figure {', '.join(unknown)}; there are {', '.join(LONG)}\n")
        return 2
    codes = [_run(name, given) for name in asked.names or LONG for given in LONG[name]]
    return int(any(codes))


def _run(name: str, given: tuple[str, ...]) -> int:
    sys.stdout.write(f"== {name} {' '.join(given)}\n")
    sys.stdout.flush()
    command = [sys.executable, "-m", f"eval.faults.{name}", *given]
    return subprocess.run(command, check=False).returncode  # noqa: S603  our own module, our own words


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
