from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from agent.assembly import App, assemble
from agent.settings import load_settings
from api.http.app import create_api
from memory.domain.clock import ManualClock
from memory.domain.principal import Grant, Principal, Role
from tests.factories.shop import a_shop

SHOP = a_shop().shop_id


@pytest.fixture
def installation(tmp_path: Path, clock: ManualClock) -> Iterator[App]:
    """An installation with one shop and nobody in it."""
    app = assemble(load_settings(home=tmp_path / "home"), clock)
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
