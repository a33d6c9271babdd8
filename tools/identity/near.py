"""The links that hang together with some subjects: all that can change when a few links are new."""

from collections.abc import Iterable

import pyarrow as pa

from memory.store.identities import LINKS_SCHEMA, Identities

MAX_DEGREE = 50
"""A subject with more links than this joins nobody (`tools.identity.people.MAX_SHARED`), so nothing lies behind it."""


def links_near(identities: Identities, subjects: Iterable[str]) -> tuple[pa.Table, set[str]]:
    """Give the links (`LINKS_SCHEMA`, in their order) of everything connected to the subjects, and all subjects there.

    Links of a subject that stands in too many of them are left out on both sides, as resolving them would.
    """
    seen: set[str] = set()
    crowded: set[str] = set()
    links: dict[int, tuple[int, str, str, str, str]] = {}
    frontier = set(subjects)
    while frontier:
        degrees = identities.degrees(frontier)
        crowded |= {one for one, degree in degrees.items() if degree > MAX_DEGREE}
        seen |= frontier
        found = identities.links_at(frontier - crowded)
        links |= {link[0]: link for link in found}
        frontier = {end for link in found for end in (link[1], link[3])} - seen
    usable = sorted(link for link in links.values() if link[1] not in crowded and link[3] not in crowded)
    arrays = [pa.array(list(column), field.type) for column, field in zip(zip(*usable, strict=True), LINKS_SCHEMA,
              strict=True)] if usable else None  # fmt: skip
    table = pa.Table.from_arrays(arrays, schema=LINKS_SCHEMA) if arrays else LINKS_SCHEMA.empty_table()
    return table, seen
