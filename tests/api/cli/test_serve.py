from agent.assembly import App
from api.cli.serve import demo_tokens, token_lines
from memory.domain.principal import Grant, Principal, Role
from tests.api.conftest import SHOP

PEOPLE: tuple[tuple[str, Role], ...] = (("ari", "approver"), ("eva", "evaluator"), ("mia", "marketer"))


def test_only_a_demo_home_gives_tokens_by_itself_one_who_drafts_and_one_who_approves(installation: App) -> None:
    now = installation.clock.now()
    with installation.store.unit_of_work() as uow:
        for name, role in PEOPLE:
            uow.principals.add(Principal(id=name, name=name.title(), grants=(Grant(shop_id=SHOP, role=role),)), now)
    assert demo_tokens(installation) == ()
    assert token_lines(()) == ("Token      make one with: secondorder token create",)
    (installation.settings.home / "demo.json").write_text("{}", encoding="utf-8")
    made = demo_tokens(installation)
    assert [(one.role, one.name) for one in made] == [("marketer", "Mia"), ("approver", "Ari")]
    with installation.store.read() as uow:
        mia, ari = (uow.principals.by_token(one.token, now) for one in made)
    assert mia is not None
    assert ari is not None
    assert (mia.id, mia.may("approve", SHOP)) == ("mia", False)
    assert (ari.id, ari.may("approve", SHOP), ari.may("plan", SHOP)) == ("ari", True, False)
    lines = token_lines(made)
    assert all(one.token in line for one, line in zip(made, lines, strict=False))
    assert lines[0].index(made[0].token) == lines[1].index(made[1].token)
