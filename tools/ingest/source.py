"""Opening a file that nobody vouches for: size, packing and encoding are checked before a row is believed."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from .errors import FileRefused
from .limits import LIMITS, Limits
from .report import Progress

CHUNK_BYTES = 256 * 1024
_PACKED = {
    b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip", b"PK\x05\x06": "zip", b"BZh": "bzip2", b"\xfd7zXZ": "xz",
    b"\x28\xb5\x2f\xfd": "zstd", b"7z\xbc\xaf": "7z", b"Rar!": "rar", b"\x04\x22\x4d\x18": "lz4",
}  # fmt: skip
_UTF8_BOM = b"\xef\xbb\xbf"


@dataclass
class Source:
    """One file to import, with its limits and whoever listens to the progress."""

    path: Path
    limits: Limits = LIMITS
    progress: Progress | None = None
    n_rows: int = 0
    bytes_done: int = 0

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return self.path.name

    @property
    def n_bytes(self) -> int:
        """The file's size."""
        return self.path.stat().st_size

    def refuse(self, why: str, remedy: str, line: int = 0) -> NoReturn:
        """Refuse the whole file."""
        raise FileRefused(file=self.name, why=why, remedy=remedy, line=line)

    def counted(self) -> None:
        """Count one row; refuse the file beyond the limit and report now and then."""
        self.n_rows += 1
        if self.n_rows > self.limits.max_rows:
            self.refuse(f"it has more than {self.limits.max_rows} rows", "Split the file")
        if self.progress is not None and self.n_rows % 5_000 == 0:
            self.progress(self.n_rows, self.bytes_done, self.n_bytes)

    def check(self, max_bytes: int | None = None) -> None:
        """Refuse what is missing, too large, packed or in UTF-16 before anything is read."""
        if not self.path.is_file():
            self.refuse("there is no such file", "Check the path")
        allowed = self.limits.max_bytes if max_bytes is None else max_bytes
        if self.n_bytes > allowed:
            self.refuse(f"it is {self.n_bytes} bytes, more than {allowed}", "Export a shorter period or split the file")
        with self.path.open("rb") as file:
            head = file.read(8)
        for magic, packing in _PACKED.items():
            if head.startswith(magic):
                self.refuse(f"it is packed ({packing})", "Unpack it and import the file inside")
        if head.startswith((b"\xff\xfe", b"\xfe\xff")):
            self.refuse("it is written in UTF-16", "Save it as UTF-8 and import it again")

    def digest(self) -> str:
        """Give the SHA-256 of the content."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def lines(self) -> Iterator[str]:
        """Give the lines with their ends, decoded strictly as UTF-8, in bounded memory."""
        rest, number = b"", 0
        with self.path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                if self.bytes_done == 0:
                    chunk = chunk.removeprefix(_UTF8_BOM)
                self.bytes_done = file.tell()
                if b"\0" in chunk:
                    self.refuse("it holds NUL bytes", "Export it again as UTF-8 text", number + 1)
                whole = (rest + chunk).split(b"\n")
                rest = whole.pop()
                for raw in whole:
                    number += 1
                    yield self._decoded(raw, number) + "\n"
                if len(rest) > self.limits.max_line_bytes:
                    self._too_long(number + 1)
        if rest:
            yield self._decoded(rest, number + 1)

    def document(self) -> str:
        """Give a whole small document."""
        self.check(self.limits.max_document_bytes)
        raw = self.path.read_bytes().removeprefix(_UTF8_BOM)
        self.bytes_done = len(raw)
        if b"\0" in raw:
            self.refuse("it holds NUL bytes", "Export it again as UTF-8 text")
        return self._decoded(raw, 1, is_line=False)

    def _decoded(self, raw: bytes, number: int, *, is_line: bool = True) -> str:
        if is_line and len(raw) > self.limits.max_line_bytes:
            self._too_long(number)
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            self.refuse(f"byte {error.start + 1} is not UTF-8", "Save it as UTF-8 and import it again", number)

    def _too_long(self, number: int) -> NoReturn:
        self.refuse(f"a line is longer than {self.limits.max_line_bytes} bytes", "Check the file's line ends", number)
