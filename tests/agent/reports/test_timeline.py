"""One person's past: orders, events, messages and statements of consent in one list, nothing of anybody else."""

from datetime import timedelta

import pytest

from agent.assembly import App
from agent.reports.person import UnknownPerson
from agent.reports.timeline import person_timeline
from tests.api.conftest import STOCKED
from tests.factories.sends import a_send

pytestmark = pytest.mark.slow


def _somebody(app: App) -> tuple[str, str]:
    """Give (person id, order number) of a buyer."""
    with app.store.read() as uow:
        tables = uow.versions.latest().tables
    with app.lake.open(tables, [STOCKED]) as view:
        orders = view.table("orders")
        row = orders.filter(orders.person_id.notnull()).order_by("order_ref").limit(1).to_pyarrow().to_pylist()[0]
    return row["person_id"], row["order_ref"]


def test_the_timeline_holds_orders_messages_and_consent_newest_first(stocked: App) -> None:
    person, number = _somebody(stocked)
    at = stocked.clock.now() - timedelta(hours=1)
    with stocked.store.unit_of_work() as uow:
        a_send(uow, STOCKED, "mine", person, "email", at)
        a_send(uow, STOCKED, "not-mine", "somebody-else", "email", at)
        uow.consents.revoke(STOCKED, person, "sms", stocked.clock.now(), "support", "support sue")
    found = person_timeline(stocked, STOCKED, person)
    assert [one.at for one in found.entries] == sorted((one.at for one in found.entries), reverse=True)
    kinds = {kind: [one for one in found.entries if one.kind == kind] for kind in found.n_by_kind}
    assert number in [one.what for one in kinds["order"]] and all(one.sum is not None for one in kinds["order"])
    assert [(one.what, one.channel, one.detail) for one in kinds["message"]] == [("thank_you", "email", ("sent",))]
    assert ("revoked", "sms") in [(one.what, one.channel) for one in kinds["consent"]]
    by_channel = {one.channel: one for one in found.channels}
    assert by_channel["sms"].standing in ("revoked", "never") and by_channel["sms"].rests_on is not None
    assert found.n_by_kind["message"] == 1


def test_nobody_has_no_timeline(stocked: App) -> None:
    with pytest.raises(UnknownPerson):
        person_timeline(stocked, STOCKED, "p-nobody")
