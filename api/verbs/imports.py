"""Imports: files in, what they make possible, and answers for suppression lists."""

from pathlib import Path
from typing import TYPE_CHECKING

from agent.tracing import span
from memory.domain.base import Count, Frozen, Instant
from memory.domain.market import Channel

from .acting import Acting

if TYPE_CHECKING:
    from tools.ingest import ImportKind, ImportReport, Progress
    from tools.readiness import Readiness


class KindOfFile(Frozen):
    """One kind of file that can be imported."""

    id: str
    """What the command calls it."""
    title: dict[str, str]
    """Its title per language."""
    description: dict[str, str]
    """What it holds and where it comes from, per language."""


class ChannelAnswer(Frozen):
    """Whether a channel's suppression list is answered for."""

    channel: Channel
    """The channel."""
    is_ready: bool
    """Whether live sends may start."""
    n_suppressed: int
    """Addresses on the list."""


class DoneImport(Frozen):
    """A file that came in."""

    kind: str
    """What kind of file it was."""
    file_name: str
    """Its name."""
    by: str
    """Who imported it."""
    at: Instant
    """When."""
    n_rows: Count
    """Rows read."""
    n_rejected: Count
    """Rows left out because they are wrong."""


def kinds() -> tuple[KindOfFile, ...]:
    """Give every kind of file that can be imported."""
    from tools.ingest import IMPORT_KINDS

    return tuple(KindOfFile(id=one.id, title=one.title, description=one.description) for one in IMPORT_KINDS)


def guess(path: Path) -> "ImportKind | None":
    """Propose the kind of a file from its first bytes; none where nothing fits."""
    from tools.ingest.guess import guess_kind

    return guess_kind(path)


def max_bytes(acting: Acting) -> int:
    """Give the size up to which the server takes a file, in bytes."""
    return acting.app.settings.max_upload_mb * 2**20


def done(acting: Acting) -> tuple[DoneImport, ...]:
    """Give the newest import of each kind of file, in the order in which the kinds are listed."""
    acting.require("read")
    found = []
    with acting.app.store.read() as uow:
        for kind in kinds():
            row = uow.imports.latest(acting.shop_id, kind.id)
            if row is not None:
                n_rows, n_rejected = row.report.get("n_rows", 0), row.report.get("n_rejected", 0)
                found.append(
                    DoneImport(
                        kind=row.kind, file_name=row.file_name, by=row.principal_id, at=row.at, n_rows=n_rows,
                        n_rejected=n_rejected,
                    )
                )  # fmt: skip
    return tuple(found)


@span("import")
def import_path(
    acting: Acting, kind: str, path: Path, *, is_dry_run: bool = False, progress: "Progress | None" = None
) -> "ImportReport":
    """Import one file, all or nothing; a dry run tells what would change and writes nothing."""
    from tools.ingest import import_file

    acting.require("import")
    app = acting.app
    report = import_file(
        app.store,
        app.lake,
        acting.shop_id,
        kind,
        path,
        clock=app.clock,
        key=app.key,
        principal_id=acting.principal.id,
        dry_run=is_dry_run,
        progress=progress,
    )
    if not is_dry_run:
        acting.log("import", f"shop:{acting.shop_id}", kind=kind, n_new=report.n_new, n_rejected=report.n_rejected)
    return report


def assume(acting: Acting, path: Path) -> "ImportReport":
    """Add labelled assumptions (margins, consent, addresses that reach nobody) for a demonstration."""
    from tools.ingest import apply_assumptions

    acting.require("import")
    app = acting.app
    report = apply_assumptions(app.store, app.lake, acting.shop_id, path, app.clock, acting.principal.id, key=app.key)
    acting.log("assume", f"shop:{acting.shop_id}", file=path.name)
    return report


def readiness(acting: Acting) -> "tuple[Readiness, ...]":
    """Say per plan element whether it works, works with an assumption, or cannot, and which file would fix it."""
    from tools.readiness import readiness as read

    acting.require("read")
    return read(acting.app.store, acting.app.lake, acting.shop_id)


def channel_answers(acting: Acting) -> tuple[ChannelAnswer, ...]:
    """Say per channel whether its suppression list is answered for."""
    acting.require("read")
    with acting.app.store.read() as uow:
        n_suppressed = uow.consents.n_suppressed(acting.shop_id)
        return tuple(
            ChannelAnswer(
                channel=channel,
                is_ready=uow.consents.channel_ready(acting.shop_id, channel),
                n_suppressed=n_suppressed.get(channel, 0),
            )
            for channel in ("email", "sms", "push")
        )


def declare_no_suppressions(acting: Acting, channel: Channel) -> None:
    """Let the principal answer by name that the channel has no suppression list; logged."""
    acting.require("import")
    with acting.write("suppression.declare", f"shop:{acting.shop_id}", channel=channel) as uow:
        uow.consents.declare_no_suppressions(acting.shop_id, channel, acting.principal.id, acting.app.clock.now())
