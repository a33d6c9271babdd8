"""Files that a page took and that nobody imported yet: each in a folder that goes with the page."""

import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from api.verbs import imports
from api.verbs.acting import Acting
from memory.domain.errors import InvalidInput, SecondOrderError

if TYPE_CHECKING:
    from tools.ingest import ImportReport, Progress

MAX_NAME = 100
ORDER = (
    "rates", "shopify-products", "goods-links", "costs", "stock", "shopify-customers", "klaviyo-profiles", "consent",
    "shopify-orders", "shopify-json", "online-retail", "complete-journey", "shipments", "events", "spend",
)  # fmt: skip
"""What is imported first: goods before people, people before what they did."""


@dataclass
class Upload:
    """One file."""

    path: Path
    """Where it lies."""
    name: str
    """Its name, without folders and control characters."""
    n_bytes: int
    """Its size."""
    kind: str = ""
    """What it is taken for; empty where nobody knows yet."""
    report: "ImportReport | None" = None
    """What a dry run or the import said."""
    refused: SecondOrderError | None = None
    """Why the whole file cannot be taken."""

    @property
    def is_ready(self) -> bool:
        """Say whether a dry run went well and the import has not happened."""
        return self.report is not None and self.report.is_dry_run and not self.refused

    @property
    def is_done(self) -> bool:
        """Say whether it was imported."""
        return self.report is not None and not self.report.is_dry_run

    def check(self, acting: Acting) -> None:
        """Try it and write nothing."""
        self._run(acting, is_dry_run=True)

    def take(self, acting: Acting, progress: "Progress | None" = None) -> None:
        """Import it, all of it or nothing."""
        self._run(acting, is_dry_run=False, progress=progress)

    def _run(self, acting: Acting, *, is_dry_run: bool, progress: "Progress | None" = None) -> None:
        self.refused = None
        if not self.kind:
            self.report = None
            return
        try:
            self.report = imports.import_path(acting, self.kind, self.path, is_dry_run=is_dry_run, progress=progress)
        except SecondOrderError as error:
            self.report, self.refused = None, error


@dataclass
class Uploads:
    """All files of one open page."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="second-order-upload-")))
    """Where they lie."""
    files: list[Upload] = field(default_factory=list)
    """In the order in which they came."""
    n_taken: int = 0
    """How many came, those that were put away again among them."""

    def place(self, name: str) -> Path:
        """Give where a file of that name is to lie; its ending stays, importers go by it."""
        self.n_taken += 1
        folder = self.folder / str(self.n_taken)
        folder.mkdir()
        return folder / safe_name(name)

    def add(self, path: Path, limit: int) -> Upload:
        """Take a file that lies there, with a first idea of its kind; raise `InvalidInput` where it is too large."""
        n_bytes = path.stat().st_size
        if n_bytes > limit:
            path.unlink()
            why = f"it is larger than {limit // 2**20} MiB"
            raise InvalidInput(what=path.name, why=why, remedy="Split it, or set SECONDORDER_MAX_UPLOAD_MB")
        made = Upload(path=path, name=path.name, n_bytes=n_bytes, kind=imports.guess(path) or "")
        self.files.append(made)
        return made

    def ready(self) -> list[Upload]:
        """Give the files that wait for their import, in the order of it."""
        return sorted((one for one in self.files if one.is_ready), key=lambda one: ORDER.index(one.kind))

    def put_away(self, one: Upload) -> None:
        """Forget a file."""
        self.files.remove(one)
        one.path.unlink(missing_ok=True)

    def clear(self) -> None:
        """Forget all of them, and the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)


def safe_name(name: str) -> str:
    """Give a file name without folders or control characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(char for char in last if char.isprintable())[-MAX_NAME:].lstrip(".")
    return kept or "upload"
