"""Run all benchmarks, or those named: `python -m benchmarks`, `python -m benchmarks profiles cli_start`."""

import argparse
import sys

from .measure import choose_people
from .registry import BENCHMARKS


def main(words: list[str]) -> int:
    """Run what is asked for and print its figures; give 2 for an unknown name."""
    parser = argparse.ArgumentParser(prog="benchmarks")
    parser.add_argument("names", nargs="*", help=f"any of: {', '.join(BENCHMARKS)}; all where none is given")
    parser.add_argument("--short", action="store_true", help="small inputs, one turn: shows that it runs")
    parser.add_argument("--people", type=int, help="size of the shop of tick and read_tools; 1,000,000 where not given")
    asked = parser.parse_args(words)
    if asked.people is not None:
        choose_people(asked.people)
    unknown = sorted(set(asked.names) - set(BENCHMARKS))
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
        return 2
    for name in asked.names or BENCHMARKS:
        title, run = BENCHMARKS[name]
        print(f"{name}: {title}", flush=True)
        for figure in run(asked.short):
            print(f"  {figure}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
