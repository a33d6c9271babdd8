"""`secondorder backup` and `restore`: one file with everything but settings and the erasure journal."""

from pathlib import Path
from typing import Annotated

import typer

from .command import command
from .desk import Desk, readable_file


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for name, function in (("backup", backup), ("restore", restore)):
        command(app, name)(function)


def backup(desk: Desk, path: Annotated[Path, typer.Argument(metavar="FILE", help="A new .tar.gz file.")]) -> None:
    """Write store, facts, recall and keys of one moment to a file: encrypted where SECONDORDER_SECRET_KEY is set."""
    from agent.backup import write_backup

    from .tables import facts

    with desk.app.store.read() as uow:
        for shop in uow.shops.all():
            desk.principal.require("admin", shop.shop_id)
    made = write_backup(desk.app, path)
    with desk.write("backup.write", "installation", data_version=made.data_version):
        pass
    if not made.is_encrypted:
        desk.remark(f"{path.name} is plain: whoever reads it has everything. Set SECONDORDER_SECRET_KEY to encrypt it.")
    desk.emit(made, facts(made.model_dump(exclude={"n_rows"})))


def restore(desk: Desk, path: Annotated[Path, typer.Argument(metavar="FILE", help="A file `backup` wrote.")]) -> None:
    """Fill an empty installation from a backup, plain or encrypted, and erase anew who the erasure journal names."""
    from agent.backup import restore as fill

    from .tables import facts

    restored = fill(desk.app, readable_file(path))
    if not restored.has_journal:
        desk.remark(
            f"No erasure journal at {desk.app.settings.erasure_journal}: whoever was erased after the backup is back. "
            "Put the journal there and run `secondorder rights reapply`."
        )
    desk.emit(restored, facts(restored.model_dump(exclude={"backup"})))
