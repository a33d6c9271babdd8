"""Run the simulations: `python -m eval.looks`, or those named: `python -m eval.looks grid power`."""

import argparse
import sys
from collections.abc import Callable

from . import grid, parts, power, ratio

FIGURES: dict[str, Callable[[list[str]], int]] = {
    "grid": grid.main,
    "power": power.main,
    "ratio": ratio.main,
    "parts": parts.main,
}
"""Each says 0 where its goals hold and 1 where one does not; `eval.looks.cdnow` needs a file and is run by itself."""


def main(words: list[str]) -> int:
    """Run one after the other; 1 where any missed a goal, 2 for an unknown name."""
    parser = argparse.ArgumentParser(prog="eval.looks", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"any of: {', '.join(FIGURES)}; all where none is given")
    asked = parser.parse_args(words)
    unknown = sorted(set(asked.names) - set(FIGURES))
    if unknown:
        sys.stderr.write(f"no figure {', '.join(unknown)}; there are {', '.join(FIGURES)}\n")
        return 2
    codes = []
    for name in asked.names or FIGURES:
        sys.stdout.write(f"== {name}\n")
        codes.append(FIGURES[name]([]))
    return int(any(codes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
