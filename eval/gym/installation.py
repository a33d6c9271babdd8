"""A fresh demo installation: home folder, shop, three people with separate roles, and the channels to a mailbox."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from memory.domain.canonical import keyed_hash
from memory.domain.clock import ManualClock, SystemClock
from memory.domain.errors import SecondOrderError
from memory.domain.market import Shop
from memory.domain.principal import Principal

if TYPE_CHECKING:
    from agent.assembly import App

MARK = "demo.json"
OWNER, MARKETER, APPROVER, EVALUATOR = "olga", "mia", "ari", "eva"
ROLES = ((MARKETER, "Mia", "marketer"), (APPROVER, "Ari", "approver"), (EVALUATOR, "Eva", "evaluator"))
TOKEN_DAYS = 30


class HomeInUse(SecondOrderError):
    """{home} holds something that is no demo; name another folder with --home, or empty this one yourself."""

    http_status = 409


class Installation(NamedTuple):
    """The demo's installation."""

    app: "App"
    """Store, lake, key, channels."""
    clock: ManualClock
    """Simulated time."""
    shop: Shop
    """The shop."""
    marketer: Principal
    """Drafts and asks."""
    approver: Principal
    """Approves."""
    token: str
    """The marketer's token for the workspace, valid in real time."""


def fresh_home(home: Path) -> None:
    """Make `home` an empty folder; an earlier demo is removed, anything else is refused with `HomeInUse`."""
    if home.exists() and any(home.iterdir()):
        if not (home / MARK).is_file():
            raise HomeInUse(home=home)
        shutil.rmtree(home)
    home.mkdir(parents=True, exist_ok=True)
    (home / MARK).write_text('{"made_by": "secondorder demo"}\n', encoding="utf-8")


def install(home: Path, shop: Shop, at: datetime, seed: int) -> Installation:
    """Assemble an installation in `home` whose clock stands at `at`, with a shop, its people and a token.

    No mail server is set, so every message lands as a file in the mailbox folder and reaches nobody. The secret
    key follows from `seed`, so that two runs draw the same control group; it protects nothing real.
    """
    from agent.access import create_shop, grant_role

    clock = ManualClock(at)
    home.mkdir(parents=True, exist_ok=True)
    (home / "secret.key").write_text(keyed_hash(b"second-order demo", str(seed)), encoding="utf-8")
    app = open_home(home, clock)
    with app.store.unit_of_work() as uow:
        owner = create_shop(uow, shop, OWNER, at)
        for name, title, role in ROLES:
            uow.principals.add(Principal(id=name, name=title), at, OWNER)
            grant_role(uow, owner, name, shop.shop_id, role, at)
        now = SystemClock().now()
        token = uow.principals.create_token(MARKETER, now + timedelta(days=TOKEN_DAYS), at=now)
        marketer, approver = uow.principals.get(MARKETER), uow.principals.get(APPROVER)
    return Installation(app, clock, shop, marketer, approver, token)


def open_home(home: Path, clock: ManualClock) -> "App":
    """Assemble the installation in `home` with its store, lake and mailbox inside and no way out to anybody."""
    from agent.assembly import assemble
    from agent.settings import load_settings

    settings = load_settings(
        home=home,
        database_url=f"sqlite:///{home / 'secondorder.db'}",
        lake=home / "lake",
        mailbox=home / "mailbox",
        smtp_url="",
        webhook_url="",
    )
    return assemble(settings, clock)


def copied(of: Installation, home: Path, at: datetime) -> Installation:
    """Copy a closed installation into `home`, a folder that does not exist yet, with a clock of its own at `at`."""
    shutil.copytree(of.app.settings.home, home)
    clock = ManualClock(at)
    return of._replace(app=open_home(home, clock), clock=clock)
