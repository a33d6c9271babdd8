from agent.assembly import App
from api.cli.serve import demo_token
from memory.domain.principal import Grant, Principal
from tests.api.conftest import SHOP


def test_only_a_demo_home_gets_a_token_by_itself(installation: App) -> None:
    with installation.store.unit_of_work() as uow:
        grant = Grant(shop_id=SHOP, role="marketer")
        uow.principals.add(Principal(id="mia", name="Mia", grants=(grant,)), installation.clock.now())
    assert demo_token(installation) == ""
    (installation.settings.home / "demo.json").write_text("{}", encoding="utf-8")
    token = demo_token(installation)
    with installation.store.read() as uow:
        found = uow.principals.by_token(token, installation.clock.now())
    assert found is not None
    assert found.id == "mia"
    assert not found.may("approve", SHOP)
