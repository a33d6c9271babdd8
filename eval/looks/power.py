"""How often a true lift is found, and when: `python -m eval.looks.power --runs 4000`.

Says 1 where planned looks find less than 95 % of what one look at the end finds at +10 % of .12 and 14,000 per arm.
"""

import argparse
import sys

from .grid import Row, measure
from .rules import RULES
from .worlds import CASES, FROZEN

LEAST_KEPT = 0.95
LIFTS = (0.1, 0.15)
WHERE = (CASES[0], CASES[1], FROZEN[0], CASES[4], CASES[5])


def kept(row: Row) -> float:
    """Give the power of planned looks over that of one look at the end."""
    return row.rejected["planned"] / row.rejected["fixed"]


def main(words: list[str]) -> int:
    """Print the table; 1 where too much power is lost in the first case at +10 %."""
    parser = argparse.ArgumentParser(prog="eval.looks.power", description=__doc__)
    parser.add_argument("--runs", type=int, default=4_000, help="experiments per case and lift")
    parser.add_argument("--seed", type=int, default=20251203, help="where chance comes from")
    asked = parser.parse_args(words)
    names = [name for name in RULES if name not in ("daily", "gbstats")]
    sys.stdout.write(f"Power, {asked.runs:,} runs each, in brackets the median day of stopping\n")
    sys.stdout.write(f"| case | lift | {' | '.join(names)} | planned / fixed |\n|---|---|{'---|' * (len(names) + 1)}\n")
    shares = []
    for case in WHERE:
        for lift in LIFTS:
            row = measure(case, asked.runs, asked.seed, lift)
            shares.append(kept(row))
            cells = " | ".join(_cell(row, name) for name in names)
            sys.stdout.write(f"| {case.name} | +{lift:.0%} | {cells} | {shares[-1]:.3f} |\n")
            sys.stdout.flush()
    return int(shares[0] < LEAST_KEPT)


def _cell(row: Row, name: str) -> str:
    if name not in row.rejected:
        return "-"
    day = row.stop_day[name]
    return f"{row.rejected[name]:.3f}" + (f" ({day:.0f})" if day == day and name != "fixed" else "")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
