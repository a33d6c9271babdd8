"""S1-30: who joined or left a community comes in with the events."""

from typing import Any

import pytest

from tests.factories.imports import Intaker

pytestmark = pytest.mark.slow
JOINED = {
    "id": "c1", "at": "2026-12-30T10:00:00+00:00", "kind": "community_join", "email": "ann@example.com",
    "community": "berlin",
}  # fmt: skip


def test_s1_30_joining_and_leaving_a_community_come_in_with_the_events(intaker: Intaker) -> None:
    left = {**JOINED, "id": "c2", "at": "2027-01-02T10:00:00+00:00", "kind": "community_leave"}
    report = intaker.events(JOINED, left)
    assert (report.n_new, report.n_rejected, set(report.changes)) == (2, 0, {"community_memberships"})
    rows = sorted(intaker.rows("community_memberships"), key=lambda row: row["event_at"])
    assert [(row["community_id"], row["is_member"]) for row in rows] == [("berlin", True), ("berlin", False)]
    assert intaker.events(JOINED).n_new == 0


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"email": None}, "it names nobody"), ({"community": None}, "community is missing"),
        ({"community": "our group!"}, "no name of a community"), ({"sku": "SHOE-1"}, "unknown keys 'sku'"),
    ],
)  # fmt: skip
def test_s1_30_a_joining_of_nobody_or_of_nothing_is_rejected(
    intaker: Intaker, changes: dict[str, Any], reason: str
) -> None:
    report = intaker.events({**JOINED, **changes})
    assert report.n_new == 0 and reason in report.rejected[0].reason
