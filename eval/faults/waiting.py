"""A shop whose messages wait in the outbox: the template that every fault run begins with."""

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from .databases import copy_to_postgres, fresh_database, fresh_file

MOST_DAYS = 30
WAITING = "secondorder_faults_waiting"
"""The database on PostgreSQL that every copy is made from."""


class Template(NamedTuple):
    """A store file to copy, and the instant at which its messages are due."""

    path: Path
    """The SQLite file."""
    shop_id: str
    """The shop."""
    at: datetime
    """When to dispatch."""
    key: bytes
    """The installation's key."""
    server: str = ""
    """A PostgreSQL whose databases are copied instead of the file, with `{database}` for the name."""

    def on_postgres(self, server: str) -> "Template":
        """Copy the store to a PostgreSQL and give the template there."""
        copy_to_postgres(self.path, server, WAITING)
        return self._replace(server=server)


def make_template(folder: Path, n_customers: int = 400, at_least: int = 40, seed: int = 7) -> Template:
    """Build a small synthetic shop, take its plan live, and tick until `at_least` messages wait at one instant."""
    from rich.console import Console

    from agent.approval import approved_plan
    from agent.planning.context import gather
    from agent.tick import go_live, tick
    from eval.gym.before import assume, brief_of, draft_and_approve, import_everything, set_guardrails
    from eval.gym.installation import fresh_home, install
    from eval.gym.show import Show
    from eval.gym.world import synthetic_world

    show = Show(Console(quiet=True))
    home = folder / "home"
    fresh_home(home)
    world = synthetic_world(home / "files", n_customers=n_customers, seed=seed)
    of = install(home, world.shop, world.opens_at(), seed)
    import_everything(of, world, show)
    assume(of, world, show)
    set_guardrails(of, world)
    app, shop_id = of.app, world.shop.shop_id
    context = gather(app.store, app.lake, shop_id, brief_of(world), as_of=of.clock.now())
    plan = draft_and_approve(of, world, context, show)
    go_live(app.store, app.lake, of.clock, app.key, approved_plan(app.store, of.clock, plan.id))
    start = of.clock.now().replace(hour=11, minute=0, second=0, microsecond=0)
    for day in range(MOST_DAYS):
        slot_at = start + timedelta(days=day)
        tick(app.store, app.lake, of.clock, app.key, shop_id, slot_at, seed=seed, slot=timedelta(days=1))
        with app.store.read() as uow:
            if len(uow.outbox.due(shop_id, "email", slot_at, 10_000, lock=False)) >= at_least:
                break
    app.close()
    database = home / "secondorder.db"
    path = folder / "template.db"
    with sqlite3.connect(database) as source, sqlite3.connect(path) as copy:
        source.backup(copy)
    return Template(path, shop_id, slot_at, app.key)


def fresh_copy(template: Template, path: Path) -> str:
    """Copy the template's store and give its address; on PostgreSQL the database has the name of `path`."""
    if template.server:
        return fresh_database(template.server, f"secondorder_faults_{path.stem}".lower(), WAITING)
    return fresh_file(template.path, path)
