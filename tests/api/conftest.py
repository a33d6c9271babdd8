import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from agent.assembly import App, assemble
from agent.settings import load_settings
from api.http.app import create_api
from eval.gym.shop import demo_shop
from memory.domain.clock import ManualClock
from memory.domain.guardrails import Guardrails
from memory.domain.money import Money
from memory.domain.principal import Grant, Principal, Role
from tests.factories.shop import a_shop
from tests.factories.small_shop import ANCHOR_AT, small_shop
from tools.ingest import import_file

SHOP = a_shop().shop_id
STOCKED = demo_shop().shop_id
GUARDRAILS = Guardrails(plan_budget=Money(amount_minor=600_000, currency=demo_shop().currency))


@pytest.fixture
def installation(home: Path, clock: ManualClock) -> Iterator[App]:
    """An installation with one shop and nobody in it."""
    app = assemble(load_settings(home=home), clock)
    with app.store.unit_of_work() as uow:
        uow.shops.add(a_shop())
    yield app
    app.close()


@pytest.fixture
def api(installation: App) -> FastAPI:
    return create_api(installation)


@pytest.fixture
def client(api: FastAPI) -> Iterator[TestClient]:
    with TestClient(api, raise_server_exceptions=False) as client:
        yield client


def token_of(app: App, principal_id: str, *roles: Role, shop_id: str = SHOP) -> dict[str, str]:
    """Make a principal with roles and give the headers it sends."""
    grants = tuple(Grant(shop_id=shop_id, role=role) for role in roles)
    with app.store.unit_of_work() as uow:
        uow.principals.add(Principal(id=principal_id, name=principal_id, grants=grants), app.clock.now())
        token = uow.principals.create_token(principal_id, app.clock.now() + timedelta(days=30), at=app.clock.now())
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture(scope="session")
def stocked_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a small imported shop after its peak, guardrails in force; copied for each test."""
    home = tmp_path_factory.mktemp("stocked") / "home"
    app = assemble(load_settings(home=home), ManualClock(ANCHOR_AT))
    shop = demo_shop()
    with app.store.unit_of_work() as uow:
        uow.shops.add(shop)
        uow.guardrails.put(shop.shop_id, GUARDRAILS, "mia", app.clock.now())
        for channel in ("email", "sms", "push"):
            uow.consents.declare_no_suppressions(shop.shop_id, channel, "mia", app.clock.now())
    for kind, path in small_shop(home / "files", n=400).files:
        import_file(app.store, app.lake, shop.shop_id, kind, path, clock=app.clock, key=app.key, principal_id="mia")
    app.close()
    return home


@pytest.fixture
def stocked(stocked_home: Path, tmp_path: Path) -> Iterator[App]:
    """An installation of its own with that shop, its clock at the morning of day 0."""
    home = shutil.copytree(stocked_home, tmp_path / "stocked")
    app = assemble(load_settings(home=home), ManualClock(ANCHOR_AT))
    yield app
    app.close()


@pytest.fixture
def stocked_client(stocked: App) -> Iterator[TestClient]:
    with TestClient(create_api(stocked), raise_server_exceptions=False) as client:
        yield client
