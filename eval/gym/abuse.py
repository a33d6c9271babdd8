"""Who is not what they seem: accounts that abuse offers, mailboxes whose software opens everything, scraped sessions.

The files hold what a shop would see of them: one street for several accounts, welcome codes and referrals among
them, orders that are charged back; opens and clicks within seconds, with and without a flag; hundreds of views in
minutes. No file says who is meant.
"""

from typing import NamedTuple

import numpy as np

from .catalogue import Flags, Ints

RING_SHARE = 0.01
"""Share of accounts that belong to a ring."""
LEAST_RING, MOST_RING = 3, 6
"""Accounts of one ring."""
NOBODY = -1
"""The ring of those who belong to none."""
CHARGED_BACK = 0.6
"""Share of a ring's orders whose money is taken back."""
SCANNED_SHARE = 0.03
"""Share of mailboxes whose software opens and clicks every message within seconds."""
SCRAPED_SHARE = 0.002
"""Share of accounts through which software reads the shop."""
FLAGGED = 0.6
"""Share of what software does that carries the flag which says so."""


class Abuse(NamedTuple):
    """One entry per person."""

    ring: Ints
    """The ring of accounts; `NOBODY` for everyone else."""
    leads: Flags
    """Whether the account was the ring's first: it recommends the others."""
    scans: Flags
    """Whether the mailbox's software opens and clicks everything."""
    scraped: Flags
    """Whether software reads the shop through the account."""


def draw_abuse(rng: np.random.Generator, n: int) -> Abuse:
    """Draw rings of accounts and what software does, for `n` people."""
    wanted = round(n * RING_SHARE)
    sizes = rng.integers(LEAST_RING, MOST_RING + 1, wanted // LEAST_RING + 1)
    sizes = sizes[: int(np.searchsorted(np.cumsum(sizes), wanted, side="right"))]
    members = rng.permutation(n)[: int(sizes.sum())]
    ring, leads = np.full(n, NOBODY, dtype=np.int64), np.zeros(n, dtype=np.bool_)
    ring[members] = np.repeat(np.arange(len(sizes)), sizes)
    leads[members[np.cumsum(sizes) - sizes]] = True
    return Abuse(ring, leads, rng.random(n) < SCANNED_SHARE, rng.random(n) < SCRAPED_SHARE)


def leader_of(abuse: Abuse) -> Ints:
    """Give per person the position of the account that leads their ring; themselves where there is none."""
    leaders = np.flatnonzero(abuse.leads)
    by_ring = leaders[np.argsort(abuse.ring[leaders])]
    return np.where(abuse.ring == NOBODY, np.arange(len(abuse.ring)), np.append(by_ring, 0)[abuse.ring])
