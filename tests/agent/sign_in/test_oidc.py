from typing import Any

import pytest
from joserfc.jwk import OctKey, RSAKey

from agent.sign_in.oidc import Begun, Provider, sign_in_by_subject
from agent.sign_in.passwords import WrongSignIn
from memory.domain.clock import ManualClock
from memory.domain.errors import NotReady
from memory.domain.principal import Grant, Principal
from memory.store.engine import Store
from tests.servers.oidc import ISSUER, OpenIdServer

BACK = "https://shop.example/sign-in/oidc/callback"


@pytest.fixture
def server(clock: ManualClock) -> OpenIdServer:
    return OpenIdServer(clock)


def _provider(server: OpenIdServer) -> Provider:
    return Provider(ISSUER, server.client_id, server.client_secret, BACK, server.transport())


def _subject(server: OpenIdServer, clock: ManualClock, **begun: str) -> str:
    provider = _provider(server)
    address, own = provider.begin()
    back = server.browser_visits(address, "sub-1")
    return provider.subject(back["code"], own.model_copy(update=begun), clock.now())


def test_d2_code_and_pkce_give_the_subject(server: OpenIdServer, clock: ManualClock) -> None:
    assert _subject(server, clock) == "sub-1"
    server.twist = {"aud": [server.client_id, "other"], "azp": server.client_id}
    assert _subject(server, clock) == "sub-1"


@pytest.mark.parametrize(
    "twist",
    [
        {"iss": "https://evil.example"},
        {"aud": "another-client"},
        {"aud": ["second-order", "other"]},
        {"aud": ["second-order", "other"], "azp": "other"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1},
        {"exp": None},
        {"iat": None},
        {"sub": None},
    ],
)
def test_d2_an_identity_meant_for_others_is_refused(
    server: OpenIdServer, clock: ManualClock, twist: dict[str, Any]
) -> None:
    server.twist = twist
    with pytest.raises(WrongSignIn):
        _subject(server, clock)


def test_d2_a_foreign_key_a_shared_secret_and_no_signature_are_refused(
    server: OpenIdServer, clock: ManualClock
) -> None:
    server.signs_with = RSAKey.generate_key(2048, {"kid": "k1"})
    with pytest.raises(WrongSignIn):
        _subject(server, clock)
    server.signs_with, server.header = OctKey.import_key(server.client_secret * 3), {"alg": "HS256", "kid": "k1"}
    with pytest.raises(WrongSignIn):
        _subject(server, clock)
    server.header = {"alg": "none"}
    with pytest.raises(WrongSignIn):
        _subject(server, clock)


def test_d2_a_stolen_code_is_worth_nothing_without_the_verifier_and_works_once(
    server: OpenIdServer, clock: ManualClock
) -> None:
    with pytest.raises(WrongSignIn):
        _subject(server, clock, verifier="guessed")
    provider = _provider(server)
    address, begun = provider.begin()
    code = server.browser_visits(address, "sub-1")["code"]
    assert provider.subject(code, begun, clock.now()) == "sub-1"
    with pytest.raises(WrongSignIn):
        provider.subject(code, begun, clock.now())


@pytest.mark.parametrize(
    "configuration",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://id.example/token_endpoint"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
)
def test_d4_a_configuration_that_leads_elsewhere_is_refused(
    server: OpenIdServer, clock: ManualClock, configuration: dict[str, Any]
) -> None:
    server.configuration = configuration
    with pytest.raises(NotReady):
        _subject(server, clock)


def test_each_sign_in_has_its_own_state_nonce_and_verifier(server: OpenIdServer) -> None:
    (_, one), (_, two) = _provider(server).begin(), _provider(server).begin()
    assert isinstance(one, Begun)
    assert not set(one.model_dump().values()) & set(two.model_dump().values())


def test_d3_a_subject_nobody_linked_is_nobody(store: Store, clock: ManualClock) -> None:
    with store.unit_of_work() as uow:
        grants = (Grant(shop_id="nord", role="viewer"),)
        uow.principals.add(Principal(id="ann", name="Ann", grants=grants), clock.now())
    with pytest.raises(WrongSignIn):
        sign_in_by_subject(store, clock, ISSUER, "sub-1")
    with store.unit_of_work() as uow:
        assert "sub-1" not in str(uow.audit.entries())
        uow.sign_ins.link(ISSUER, "sub-1", "ann", "boss", clock.now())
    session_id = sign_in_by_subject(store, clock, ISSUER, "sub-1")
    with store.unit_of_work() as uow:
        found = uow.sign_ins.principal(session_id, clock.now())
        assert found is not None
        assert found.id == "ann"
        uow.principals.deactivate("ann")
    with pytest.raises(WrongSignIn):
        sign_in_by_subject(store, clock, ISSUER, "sub-1")
