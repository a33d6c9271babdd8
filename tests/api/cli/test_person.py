"""One person: context with origin and freshness, the merges, and contact data for those who may see it."""

import pytest

from agent.assembly import App
from memory.domain.principal import Grant, Principal, Role
from tests.api.conftest import STOCKED

from .conftest import Run

pytestmark = pytest.mark.slow
PEOPLE: tuple[tuple[str, Role], ...] = (("ada", "admin"), ("sue", "support"))


def test_s2_11_a_person_shows_context_with_source_and_why_records_are_one(so: Run, stocked: App) -> None:
    with stocked.store.unit_of_work() as uow:
        for name, role in PEOPLE:
            grant = Grant(shop_id=STOCKED, role=role)
            uow.principals.add(Principal(id=name, name=name, grants=(grant,)), stocked.clock.now())
        link = next(iter(uow.identities.links().to_pylist()))
        person = uow.identities.person_of(link["left_subject"])
        contact = uow.contacts.by_person(STOCKED, [person])[person]
    assert contact.email

    found = so("person", "show", person, "--json", as_id="vic").json
    context = {one["name"]: one for one in found["context"]}
    assert set(context) == {"top_category", "top_category_share", "price_sensitivity_rate", "loyalty_status"}
    for one in context.values():
        assert one["definition"]
        assert one["tables"]
    bought = next(one for one in found["facts"] if one["name"] == "n_orders")
    if bought["value"]:
        assert context["loyalty_status"]["value"] in ("champion", "loyal", "repeat", "one_time", "lapsed")
        assert context["top_category"]["sources"]
        assert context["top_category"]["newest_fact_at"] <= found["as_of"]
    assert {link["left_subject"], link["right_subject"]} <= set(found["records"])
    merge = next(one for one in found["merges"] if one["link_id"] == link["id"])
    assert merge["rule"]
    assert merge["source"]
    assert merge["reversed_at"] is None
    assert so("person", "show", link["right_subject"], "--json", as_id="vic").json["person_id"] == person

    shown = so("person", "show", person, as_id="vic")  # a viewer sees no contact data, and cannot ask who buys
    assert found["contact"] is None
    assert contact.email not in shown.out
    assert so("person", "show", contact.email, as_id="vic").code == 2

    for asked in (person, contact.email):  # support finds and stops people on its own page, and reads no profile
        refused = so("person", "show", asked, as_id="sue")
        assert (refused.code, contact.email in refused.out) == (2, False)

    chinese = so("person", "show", person, "--language", "zh", as_id="vic")
    assert all(word in chinese.out for word in ("客户", "忠诚状态", "购买次数", "这些记录为何是同一个人"))
    assert "loyalty status" not in chinese.out
    assert so("person", "show", person, "--language", "de", as_id="vic").code == 2

    by_mail = so("person", "show", f" {contact.email.upper()} ", "--json", as_id="ada").json
    assert (by_mail["person_id"], by_mail["contact"]["email"]) == (person, contact.email)
    with stocked.store.read() as uow:
        logged = [entry for entry in uow.audit.entries() if entry.action == "person.contact"]
    assert [(entry.actor, entry.subject) for entry in logged] == [("ada", f"person:{person}")]

    for wrong in ("p000000000000000000000000", "nobody@people.example.invalid", "not an address", "+49"):
        said = so("person", "show", wrong, as_id="ada")
        assert said.code == 2
        assert "nobody@" not in said.err


def test_s2_11_a_forgotten_person_has_no_contact_data(so: Run, stocked: App) -> None:
    with stocked.store.unit_of_work() as uow:
        grant = Grant(shop_id=STOCKED, role="admin")
        uow.principals.add(Principal(id="ada", name="Ada", grants=(grant,)), stocked.clock.now())
        person = uow.person_state.get(STOCKED)["person_id"].to_pylist()[0]
        uow.person_state.erase(STOCKED, person)
    found = so("person", "show", person, "--json", as_id="ada").json
    assert (found["is_erased"], found["contact"]) == (True, None)
