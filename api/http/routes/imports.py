"""Uploads, what they make possible, and answers for suppression lists."""

import shutil
import tempfile
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, File, Query, UploadFile
from fastapi import Path as PathParameter

from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import imports
from memory.domain.base import Frozen
from tools.ingest import ImportKind, ImportReport

router = APIRouter(prefix="/api", tags=["import"], responses=GUARDED)
Reading = Annotated[Acting, Depends(needs("read"))]
Importing = Annotated[Acting, Depends(needs("import"))]
MAX_NAME = 100


class Declaration(Frozen):
    """The named answer that a channel has no suppression list."""

    channel: Literal["email", "sms", "push"]
    """The channel."""


@router.get("/imports")
def list_kinds(acting: Reading) -> list[imports.KindOfFile]:
    """List every kind of file that can be imported."""
    return list(imports.kinds())


@router.post("/imports/{kind}")
def import_file(
    acting: Importing,
    kind: Annotated[ImportKind, PathParameter(description="What kind of file it is.")],
    file: Annotated[UploadFile, File(description="The file.")],
    dry_run: Annotated[bool, Query(description="Tell what would change; write nothing.")] = False,
) -> ImportReport:
    """Import one file, all of it or nothing; wrong rows come back with line and reason."""
    with tempfile.TemporaryDirectory(prefix="second-order-upload-") as folder:
        path = Path(folder) / _safe_name(file.filename)
        with path.open("wb") as kept:
            shutil.copyfileobj(file.file, kept)
        return imports.import_path(acting, kind, path, is_dry_run=dry_run)


@router.get("/suppressions")
def list_answers(acting: Reading) -> list[imports.ChannelAnswer]:
    """Say per channel whether its suppression list is answered for."""
    return list(imports.channel_answers(acting))


@router.post("/suppressions")
def declare(acting: Importing, body: Declaration) -> list[imports.ChannelAnswer]:
    """Declare by name that a channel has no suppression list."""
    imports.declare_no_suppressions(acting, body.channel)
    return list(imports.channel_answers(acting))


def _safe_name(name: str | None) -> str:
    """Give a file name without folders or control characters."""
    last = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in last if c.isprintable())[-MAX_NAME:].lstrip(".")
    return kept or "upload"
