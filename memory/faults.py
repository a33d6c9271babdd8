"""Fault points: places where a test may kill this very process. Outside of a test profile they can't be armed.

K0 before the claim commits; K1 claimed, before connecting; K2 connected; K3 in the middle of the body; K4 body sent;
K5 the provider committed and has not answered; K6 answer read, before the mark; K7 mark written, before its commit;
K8 after that commit; K9 while a lapsed lease is taken over; K10 while an approval commits; K11 while a schedule fires;
K12 while a migration commits; K13 before a shop is asked for codes; K14 its answer read, before it is written.
"""

import os
import signal
from collections.abc import Callable

POINTS = tuple(f"K{number}" for number in range(15))
_heard: Callable[[str], None] | None = None


class FaultsRefused(RuntimeError):
    """Fault points are for tests; nothing outside a test profile may arm them."""


def fault(point: str) -> None:
    """Do nothing; where a test armed the point and its hit has come, kill the process."""
    if _heard is not None:
        _heard(point)


def arm(points: str, profile: str) -> None:
    """Arm points such as `K5` or `K5:3,K9` (at the third passing of K5); raise `FaultsRefused` outside of tests."""
    wanted = dict(part.partition(":")[::2] for part in points.split(",")) if points else {}
    unknown = sorted(set(wanted) - set(POINTS))
    if wanted and profile == "test" and unknown:
        raise FaultsRefused(f"there is no fault point {', '.join(unknown)}")
    left = {point: int(nth or 1) for point, nth in wanted.items()}

    def kill(point: str) -> None:
        if point in left:
            left[point] -= 1
            if left[point] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    listen(kill if wanted else None, profile, f"FAULTS={points}")


def listen(heard: Callable[[str], None] | None, profile: str, what: str = "a listener") -> None:
    """Let a test hear of every point as it is passed, until it says None; raise `FaultsRefused` outside of tests."""
    global _heard
    if heard is not None and profile != "test":
        raise FaultsRefused(f"{what} in profile {profile!r}")
    _heard = heard
