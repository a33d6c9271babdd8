"""Fault points: places where a test may kill this very process. Outside of a test profile they can't be armed.

K0 before the claim commits; K1 claimed, before connecting; K2 connected; K3 in the middle of the body; K4 body sent;
K5 the provider committed and has not answered; K6 answer read, before the mark; K7 mark written, before its commit;
K8 after that commit; K9 while a lapsed lease is taken over; K10 while an approval commits; K11 while a schedule fires;
K12 while a migration commits.
"""

import os
import signal

POINTS = tuple(f"K{number}" for number in range(13))
_armed: dict[str, int] | None = None


class FaultsRefused(RuntimeError):
    """Fault points are for tests; nothing outside a test profile may arm them."""


def fault(point: str) -> None:
    """Do nothing; kill the process where a test armed the point and its hit has come."""
    if _armed is not None:
        _hit(point)


def arm(points: str, profile: str) -> None:
    """Arm points such as `K5` or `K5:3,K9` (at the third passing of K5); raise `FaultsRefused` outside of tests."""
    global _armed
    if not points:
        _armed = None
        return
    if profile != "test":
        raise FaultsRefused(f"FAULTS={points} in profile {profile!r}")
    wanted = dict(part.partition(":")[::2] for part in points.split(","))
    unknown = sorted(set(wanted) - set(POINTS))
    if unknown:
        raise FaultsRefused(f"there is no fault point {', '.join(unknown)}")
    _armed = {point: int(nth or 1) for point, nth in wanted.items()}


def _hit(point: str) -> None:
    assert _armed is not None
    if point in _armed:
        _armed[point] -= 1
        if _armed[point] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
