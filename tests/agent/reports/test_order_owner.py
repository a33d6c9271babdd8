import pytest

from agent.assembly import App
from agent.reports.order_owner import people_of_order
from tests.api.conftest import STOCKED

pytestmark = pytest.mark.slow


def _somebody(app: App) -> tuple[str, str]:
    """Give (person id, order number) of a buyer."""
    with app.store.read() as uow:
        tables = uow.versions.latest().tables
    with app.lake.open(tables, [STOCKED]) as view:
        orders = view.table("orders")
        row = orders.filter(orders.person_id.notnull()).order_by("order_ref").limit(1).to_pyarrow().to_pylist()[0]
    return row["person_id"], row["order_ref"]


def test_an_order_number_leads_to_its_person_and_only_the_whole_number_does(stocked: App) -> None:
    person, number = _somebody(stocked)
    with stocked.store.read() as uow:
        subjects = uow.identities.subjects_of([person])[person]
    assert people_of_order(stocked, STOCKED, number) <= subjects
    assert people_of_order(stocked, STOCKED, number.lstrip("#")) == people_of_order(stocked, STOCKED, number) != set()
    for part in (number[:-1] + "%", "", "#", "x" * 100, "' OR 1=1 --"):
        assert people_of_order(stocked, STOCKED, part) == frozenset()
    assert people_of_order(stocked, "another-shop", number) == frozenset()
