"""What pages show of a moment ago: one reading while nothing it is made from changes, and only for its readers."""

from datetime import timedelta

import pytest

from agent.assembly import App
from api.verbs.acting import Acting
from memory.domain.clock import ManualClock
from memory.domain.errors import NotPermitted
from memory.domain.principal import Grant, Principal, Role
from tests.api.conftest import GUARDRAILS, SHOP


class Counted:
    """Counts how often it was worked out."""

    def __init__(self) -> None:
        self.n = 0

    def __call__(self, _acting: Acting) -> int:
        self.n += 1
        return self.n


def of(app: App, role: Role) -> Acting:
    return Acting(app, Principal(id=role, name=role, grants=(Grant(shop_id=SHOP, role=role),)), SHOP)


def test_pages_turned_within_minutes_are_parts_of_one_reading(installation: App, clock: ManualClock) -> None:
    made, reader = Counted(), of(installation, "viewer")
    assert [reader.lately("n", made), of(installation, "marketer").lately("n", made)] == [1, 1]
    assert reader.lately("n", made, "of another rule") == 2
    clock.advance(timedelta(minutes=6))
    assert reader.lately("n", made) == 3


def test_new_facts_and_other_guardrails_are_read_at_once(installation: App, clock: ManualClock) -> None:
    made, reader = Counted(), of(installation, "viewer")
    reader.lately("n", made)
    with installation.store.unit_of_work() as uow:
        uow.guardrails.put(SHOP, GUARDRAILS, "mia", clock.now())
    assert reader.lately("n", made) == 2
    with installation.store.unit_of_work() as uow:
        uow.versions.add({}, "import", clock.now())
    assert reader.lately("n", made) == 3


def test_who_may_not_read_gets_nothing_of_what_others_read(installation: App) -> None:
    made = Counted()
    of(installation, "viewer").lately("n", made)
    with pytest.raises(NotPermitted):
        of(installation, "support").lately("n", made)
    assert made.n == 1
