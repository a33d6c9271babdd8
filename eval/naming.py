"""What `python -m eval.faults` and its like are asked for: some figures by name, or all of them."""

import argparse
import sys
from collections.abc import Collection, Sequence


def asked_names(prog: str, about: str | None, known: Collection[str], words: Sequence[str]) -> tuple[str, ...] | None:
    """Give the names on the command line, all known ones where none is given; none, said on stderr, for an unknown."""
    parser = argparse.ArgumentParser(prog=prog, description=about)
    parser.add_argument("names", nargs="*", help=f"any of: {', '.join(known)}; all where none is given")
    asked = parser.parse_args(words).names
    if unknown := sorted(set(asked) - set(known)):
        sys.stderr.write(f"no figure {', '.join(unknown)}; there are {', '.join(known)}\n")
        return None
    return tuple(asked or known)
