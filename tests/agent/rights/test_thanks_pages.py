"""Thank-you pages of a person are in their copy, and gone with them."""

import pytest

from agent.assembly import App, assemble
from agent.rights.erasing import erase_person
from agent.rights.exporting import export_person
from agent.settings import load_settings
from api.verbs.acting import Acting
from api.verbs.customer import Customer
from api.verbs.thanks import NewOrder, open_order
from memory.domain.clock import ManualClock
from memory.domain.principal import Grant, Principal
from tests.factories.facts import SHOP
from tests.factories.thanks import SHOES, open_shop

pytestmark = pytest.mark.slow
ANN = Customer(email="ann@example.com")


@pytest.fixture
def app(home: object, clock: ManualClock) -> App:
    found = assemble(load_settings(home=home), clock)
    open_shop(found.store, found.lake)
    return found


def test_a_persons_pages_and_clicks_are_exported_and_erased_and_no_new_one_names_them(app: App) -> None:
    till = Principal(id="till", name="till", grants=(Grant(shop_id=SHOP.shop_id, role="intake"),))
    acting = Acting(app=app, principal=till, shop_id=SHOP.shop_id)
    order = open_order(acting, NewOrder(order_ref="#1", skus=(SHOES,), customer=ANN)).order
    with app.store.unit_of_work() as uow:
        uow.thanks.click(SHOP.shop_id, order, "share", app.clock.now())
    copy = export_person(app, SHOP.shop_id, order.person_id)
    assert [row["order_ref"] for row in copy["thanks_pages"]] == ["#1"]
    assert [row["target"] for row in copy["thanks_clicks"]] == ["share"]
    erased = erase_person(app, order.person_id, "asked for it", "mia")
    assert (erased.store["thanks_order"], erased.store["thanks_click"]) == (1, 1)
    with app.store.read() as uow:
        assert uow.thanks.get(SHOP.shop_id, "#1") is None
        assert uow.thanks.clicks(SHOP.shop_id).num_rows == 0
    later = open_order(acting, NewOrder(order_ref="#2", skus=(SHOES,), customer=ANN)).order
    assert (later.person_id, later.code, later.share_code) == ("", None, None)
    app.close()
