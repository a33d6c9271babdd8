"""Changing limits on a page: a note is needed, nobody overwrites what they never saw, and no agent may."""

import pytest

from agent.assembly import App
from api.verbs import guardrails
from api.verbs.acting import Acting
from memory.domain.errors import InvalidInput, NotPermitted, NotReady
from memory.domain.principal import Grant, Principal, Role
from tests.api.conftest import GUARDRAILS, SHOP
from tests.factories.planning import eur


def _acting(app: App, role: Role) -> Acting:
    with app.store.unit_of_work() as uow:
        uow.guardrails.put(SHOP, GUARDRAILS, "mia", app.clock.now())
        who = uow.principals.add(
            Principal(id=role, name=role, grants=(Grant(shop_id=SHOP, role=role),)), app.clock.now()
        )
    return Acting(app=app, principal=who, shop_id=SHOP)


def test_a_change_needs_a_note_and_the_version_that_was_seen(installation: App) -> None:
    acting = _acting(installation, "marketer")
    wanted = guardrails.edit(acting, {"recent_buyer_days": 9})
    seen = guardrails.show(acting).version
    with pytest.raises(InvalidInput, match="Say why"):
        guardrails.change(acting, wanted, " ", seen=seen)
    with pytest.raises(NotReady, match="Load the page again"):
        guardrails.change(acting, wanted, "too many mails", seen="another")
    guardrails.change(acting, wanted, "too many mails", seen=seen)
    last = guardrails.history(acting)[-1]
    assert (last.guardrails.recent_buyer_days, last.note, last.set_by) == (9, "too many mails", "marketer")
    assert guardrails.changed(GUARDRAILS, last.guardrails) == ("recent_buyer_days",)
    assert guardrails.bound(acting) == guardrails.Bound(n_live=0, n_waiting=0)


def test_an_edit_names_every_wrong_field(installation: App) -> None:
    acting = _acting(installation, "marketer")
    with pytest.raises(InvalidInput, match="recent_buyer_days"):
        guardrails.edit(acting, {"recent_buyer_days": 900})
    with pytest.raises(InvalidInput, match="the shop's currency"):
        guardrails.what_if(
            acting, GUARDRAILS.model_copy(update={"plan_budget": eur(1).model_copy(update={"currency": "JPY"})})
        )


def test_who_may_not_change_limits_is_refused_at_the_verb(installation: App) -> None:
    acting = _acting(installation, "viewer")
    wanted = guardrails.edit(acting, {"recent_buyer_days": 9})
    with pytest.raises(NotPermitted):
        guardrails.change(acting, wanted, "because", seen=guardrails.show(acting).version)
