from agent.assembly import assemble
from agent.settings import load_settings

from .conftest import Run


def test_the_first_shop_makes_its_maker_known_as_an_admin_who_cannot_approve(run: Run, shop: str) -> None:
    people = run("principal", "list", "--json").json
    assert [(p["id"], [g["role"] for g in p["grants"]]) for p in people] == [("ann", ["admin"])]


def test_only_an_admin_makes_further_shops(run: Run, shop: str) -> None:
    words = ("shop", "create", "sud", "--name", "Sud", "--currency", "EUR", "--zone", "Europe/Paris")
    assert run(*words, as_id="eve").code == 2
    assert run("principal", "add", "bob", "--role", "marketer").code == 0
    assert run(*words, as_id="bob").code == 2
    assert run(*words).code == 0
    assert [row["shop_id"] for row in run("shop", "list", "--json").json] == ["nord", "sud"]
    assert run("segment", "list").code == 2  # two shops: one has to be named
    assert run("segment", "list", "--shop", "sud").code == 0


def test_d1_an_admin_does_not_become_an_approver_by_own_hand(run: Run, shop: str) -> None:
    said = run("principal", "grant", "ann", "--role", "approver")
    assert said.code == 2
    assert "themselves" in said.err


def test_d1_an_admin_gets_no_token_of_an_approver(run: Run, shop: str) -> None:
    run("principal", "add", "bob", "--role", "approver")
    assert run("token", "create", "bob").code == 2
    assert run("token", "create", as_id="bob").code == 0


def test_d3_a_token_is_shown_once_and_can_be_ended(run: Run, shop: str) -> None:
    said = run("token", "create", "--valid", "7d", "--scope", "read")
    assert said.out.strip().startswith("so_")
    listed = run("token", "list", "--json")
    assert said.out.strip() not in listed.out
    assert listed.json[0]["scopes"] == ["read"]
    assert run("token", "revoke", listed.json[0]["id"]).code == 0
    assert run("token", "list", "--json").json == []
    assert run("token", "create", "--valid", "9999").code == 2
    assert run("token", "create", "--scope", "everything").code == 2


def test_a_role_that_does_not_exist_is_refused_with_the_list(run: Run, shop: str) -> None:
    said = run("principal", "add", "bob", "--role", "king")
    assert said.code == 2
    assert "approver" in said.err
    assert "bob" not in run("principal", "list").out


def test_d5_what_was_done_is_in_the_audit_log_and_anchored(run: Run, shop: str, tmp_path: object) -> None:
    run("principal", "add", "bob", "--role", "viewer")
    from pathlib import Path

    app = assemble(load_settings(home=Path(str(tmp_path)) / "home"))
    with app.store.read() as uow:
        actions = [entry.action for entry in uow.audit.entries()]
        assert app.audit_anchor.verify(uow.audit) == len(actions)
    app.close()
    assert actions == ["shop.create", "principal.grant", "principal.add"]
    assert (Path(str(tmp_path)) / "home" / "audit.head").exists()
