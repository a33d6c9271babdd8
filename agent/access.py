"""Who gets in: making shops with their first admin, principals and tokens. Callers own the transaction."""

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ValidationError

from agent.guardrails.setting import starting_guardrails
from memory.domain.errors import InvalidInput, NotFound, NotPermitted
from memory.domain.market import Shop
from memory.domain.mistakes import said
from memory.domain.principal import PERMISSIONS, Grant, Permission, Principal, PrincipalKind, Role
from memory.store.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from agent.assembly import App

MAX_TOKEN_DAYS = 366


def shop_from(**values: str) -> Shop:
    """Make a shop from what a person typed; raises `InvalidInput` that names the field."""
    zone = values.get("zone", "")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidInput(what=f"zone {zone!r}", why="it is no IANA zone", remedy="Write Europe/Berlin") from None
    given = {name: value for name, value in values.items() if value}
    if "home_market" not in given:
        given["home_market"] = country_of_zone(zone)
    try:
        return Shop.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]) or "the shop"
        raise InvalidInput(what=name, why=said(first), remedy="See `secondorder shop create --help`") from None


def country_of_zone(zone: str) -> str:
    """Give the country whose time zone it is, or `InvalidInput` where that is not one country."""
    from tools.markets import load_markets

    found = [market.country for market in load_markets().all() if zone in market.zones]
    if len(found) != 1:
        raise InvalidInput(what=f"the market of {zone}", why="it is not known", remedy="Name the country: --market DE")
    return found[0]


def create_shop(uow: UnitOfWork, shop: Shop, principal_id: str, at: datetime) -> Principal:
    """Add the shop with cautious starting guardrails and make the principal its admin.

    The first shop makes its maker known; later ones need an admin of some shop (`NotPermitted`).
    """
    known = {principal.id: principal for principal in uow.principals.all()}
    maker = known.get(principal_id)
    if known and (maker is None or not any(maker.may("admin", grant.shop_id) for grant in maker.grants)):
        raise NotPermitted(principal=principal_id, permission="admin", shop_id=shop.shop_id)
    uow.shops.add(shop)
    uow.guardrails.put(shop.shop_id, starting_guardrails(shop.currency), principal_id, at, "starting values")
    if maker is None:
        uow.principals.add(new_principal(principal_id), at)
    principal = uow.principals.grant(principal_id, Grant(shop_id=shop.shop_id, role="admin"), principal_id, at)
    uow.audit.append(principal_id, "shop.create", f"shop:{shop.shop_id}", at, {"currency": shop.currency})
    return principal


def new_principal(principal_id: str, name: str = "", kind: PrincipalKind = "human") -> Principal:
    """Make a principal from what a person typed; raises `InvalidInput`."""
    try:
        return Principal(id=principal_id, name=name or principal_id, kind=kind)
    except ValidationError:
        raise InvalidInput(
            what=f"principal id {principal_id!r}",
            why="it has other characters",
            remedy="Use lower case, digits and _ . @ -",
        ) from None


def grant_role(uow: UnitOfWork, by: Principal, principal_id: str, shop_id: str, role: str, at: datetime) -> Principal:
    """Give a role in a shop on the word of one of its admins; logged."""
    by.require("admin", shop_id)
    uow.shops.get(shop_id)
    principal = uow.principals.grant(principal_id, Grant(shop_id=shop_id, role=role_from(role)), by.id, at)
    uow.audit.append(by.id, "principal.grant", f"principal:{principal_id}", at, {"shop_id": shop_id, "role": role})
    return principal


def revoke_role(uow: UnitOfWork, by: Principal, principal_id: str, shop_id: str, role: str, at: datetime) -> Principal:
    """Take a role in a shop away on the word of one of its admins; logged."""
    by.require("admin", shop_id)
    principal = uow.principals.revoke(principal_id, Grant(shop_id=shop_id, role=role_from(role)))
    uow.audit.append(by.id, "principal.revoke", f"principal:{principal_id}", at, {"shop_id": shop_id, "role": role})
    return principal


def deactivate(uow: UnitOfWork, by: Principal, principal_id: str, at: datetime) -> Principal:
    """Take all rights, tokens and sessions away at once; logged. Needs an admin of every shop they have a role in."""
    for shop_id in {grant.shop_id for grant in uow.principals.get(principal_id).grants} or {"any"}:
        by.require("admin", shop_id)
    uow.principals.deactivate(principal_id)
    uow.audit.append(by.id, "principal.deactivate", f"principal:{principal_id}", at)
    return uow.principals.get(principal_id)


def link_identity(uow: UnitOfWork, by: Principal, principal_id: str, issuer: str, subject: str, at: datetime) -> None:
    """Say which subject of the OpenID provider a principal is; logged without the subject.

    Only admins of all the principal's shops may, and not for themselves where they could then approve.
    """
    owner = uow.principals.get(principal_id)
    for shop_id in {grant.shop_id for grant in owner.grants} or {"any"}:
        by.require("admin", shop_id)
    if not issuer:
        raise InvalidInput(what="the subject", why="no OpenID provider is set up", remedy="Set SECONDORDER_OIDC_ISSUER")
    uow.sign_ins.link(issuer, subject, principal_id, by.id, at)
    uow.audit.append(by.id, "principal.link", f"principal:{principal_id}", at, {"issuer": issuer})


def rotate_secrets(app: "App", by: Principal) -> int:
    """Encrypt every secret of every shop with a new key and give how many; needs an admin of every shop. Logged.

    Secrets of webhooks are among them, also those that were sealed under the installation's key in former versions.
    With a key in the environment that one is used, and the former one has to be there too. Without, a fresh key goes
    into the key file beside the former, which goes only once the new texts are committed: killed at any point, every
    secret can still be read.
    """
    from tools.live.shopify_hook import formerly_sealed

    with app.store.read() as uow:
        for shop in uow.shops.all():
            by.require("admin", shop.shop_id)
    if not app.settings.secret_key:
        app.key_file.add()
    fresh = app.vault
    with app.store.unit_of_work() as uow:
        n_secrets = uow.secrets.rotate(fresh) + uow.webhook_secrets.rotate(fresh, formerly_sealed(app.key))
        uow.audit.append(by.id, "secret.rotate", "secrets", app.clock.now(), {"n": n_secrets, "key": fresh.key_id})
    if not app.settings.secret_key:
        app.key_file.keep_newest()
    return n_secrets


def role_from(text: str) -> Role:
    """Read a role's name; raises `InvalidInput` that lists them."""
    for role in PERMISSIONS:
        if role == text:
            return role
    raise InvalidInput(what=f"role {text!r}", why="there is no such role", remedy=f"Use {', '.join(PERMISSIONS)}")


def create_token(
    uow: UnitOfWork,
    by: Principal,
    principal_id: str,
    valid_days: int,
    scopes: tuple[Permission, ...],
    at: datetime,
    shop_ids: tuple[str, ...] = (),
) -> str:
    """Give a new API token, shown once.

    For others only admins of all their shops may, and for nobody who approves: else one person had four eyes.
    """
    if not 1 <= valid_days <= MAX_TOKEN_DAYS:
        raise InvalidInput(what=f"{valid_days} days", why="a token must end", remedy=f"Use 1 to {MAX_TOKEN_DAYS} days")
    owner = uow.principals.get(principal_id)
    if by.id != principal_id:
        for shop_id in {grant.shop_id for grant in owner.grants} or {"any"}:
            by.require("admin", shop_id)
            if owner.may("approve", shop_id):
                raise NotPermitted(principal=by.id, permission=f"make a token for approver {owner.id}", shop_id=shop_id)
    token = uow.principals.create_token(
        principal_id, at + timedelta(days=valid_days), at=at, scopes=scopes, shop_ids=shop_ids
    )
    uow.audit.append(by.id, "token.create", f"principal:{principal_id}", at, {"days": valid_days, "scopes": [*scopes]})
    return token


def read_duration_days(text: str) -> int:
    """Read `30d` or `30` as days; raises `InvalidInput`."""
    found = re.fullmatch(r"(\d{1,4})d?", text.strip())
    if not found:
        raise InvalidInput(what=f"duration {text!r}", why="it is no number of days", remedy="Write 30d")
    return int(found[1])


def scopes_from(names: list[str]) -> tuple[Permission, ...]:
    """Read permission names; raises `InvalidInput` that lists them."""
    known = get_args(Permission)
    for name in names:
        if name not in known:
            remedy = f"Use {', '.join(known)}"
            raise InvalidInput(what=f"scope {name!r}", why="there is no such permission", remedy=remedy)
    return tuple(name for name in known if name in names)


def end_token(uow: UnitOfWork, by: Principal, token_id: str, at: datetime) -> None:
    """End one of the principal's own tokens; logged. Raises `NotFound` for any other."""
    if token_id not in {token.id for token in uow.principals.tokens(by.id)}:
        raise NotFound(kind="token", id=token_id)
    uow.principals.revoke_token(token_id)
    uow.audit.append(by.id, "token.revoke", f"token:{token_id}", at)
