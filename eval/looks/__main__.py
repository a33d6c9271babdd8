"""Run the simulations: `python -m eval.looks`, or those named: `python -m eval.looks grid power`."""

import sys
from collections.abc import Callable

from eval.naming import asked_names

from . import grid, parts, power, ratio, withheld

FIGURES: dict[str, Callable[[list[str]], int]] = {
    "grid": grid.main,
    "power": power.main,
    "ratio": ratio.main,
    "parts": parts.main,
    "withheld": withheld.main,
}
"""Each says 0 where its goals hold and 1 where one does not; `eval.looks.cdnow` needs a file and is run by itself."""


def main(words: list[str]) -> int:
    """Run one after the other; 1 where any missed a goal, 2 for an unknown name."""
    names = asked_names("eval.looks", __doc__, FIGURES, words)
    if names is None:
        return 2
    codes = []
    for name in names:
        sys.stdout.write(f"== {name}\n")
        codes.append(FIGURES[name]([]))
    return int(any(codes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
