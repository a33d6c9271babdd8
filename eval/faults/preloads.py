"""Libraries that a fault run's own process is started under: Debian's faketime, and write errors of our own.

Debian's fiu-utils would do the latter, but it wraps `mmap` and `malloc` too and hangs while pyarrow is loaded.
"""

import ctypes
import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from memory.domain.clock import SystemClock

LIBRARIES = Path("/usr/lib")
FILE = "FAKETIME_TIMESTAMP_FILE"
WRITE_ERRORS = "write_errors.so"
SOURCE = Path(__file__).with_name("write_errors.c")


class NoPreload(RuntimeError):
    """The library is not installed, or this process was not started under it."""


class FakedClock:
    """The machine's clock under libfaketime: whoever asks the C library in this process sees it jump.

    The monotonic clock stays true, as it does on a machine whose wall clock is set.
    """

    def __init__(self, at: datetime) -> None:
        """Set the machine's clock to `at`; raise `NoPreload` where that changes nothing."""
        if not is_faked():
            raise NoPreload("start the process with the environment of `under_faketime`")
        self._file = Path(os.environ[FILE])
        self.set(at)
        if abs((self.now() - at).total_seconds()) > 60:
            raise NoPreload(f"the clock was set to {at:%Y-%m-%d} and shows {self.now():%Y-%m-%d}")

    def now(self) -> datetime:
        """Give what the machine's clock shows."""
        return SystemClock().now()

    def set(self, at: datetime) -> None:
        """Set the machine's clock; it goes on from there."""
        offset = float(self._file.read_text(encoding="ascii")) + (at - self.now()).total_seconds()
        fresh = self._file.with_suffix(".new")
        fresh.write_text(f"{offset:+.3f}\n", encoding="ascii")
        fresh.replace(self._file)


def again(module: str, words: list[str], environment: dict[str, str]) -> int:
    """Run the module's command line once more in a process of that environment, and give its exit code."""
    return subprocess.run([sys.executable, "-m", module, *words], env=environment, check=False).returncode  # noqa: S603


def is_faked() -> bool:
    """Say whether this process runs under libfaketime."""
    return FILE in os.environ


def under_faketime(file: Path) -> dict[str, str]:
    """Give the environment of a process whose clock follows `file`, which is written here."""
    file.write_text("+0\n", encoding="ascii")
    more = {FILE: str(file), "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    return os.environ | more | {"LD_PRELOAD": _library("*/faketime/libfaketimeMT.so.1", "faketime")}


def is_under_write_errors() -> bool:
    """Say whether this process runs under the library that `WriteErrors` steers."""
    return WRITE_ERRORS in os.environ.get("LD_PRELOAD", "")


def under_write_errors(folder: Path) -> dict[str, str]:
    """Build the library in `folder` and give the environment of a process whose writes it may let fail."""
    compiler, library = shutil.which("gcc"), folder / WRITE_ERRORS
    if compiler is None:
        raise NoPreload("install Debian's gcc and libc6-dev")
    words = [compiler, "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", str(library), str(SOURCE)]
    subprocess.run(words, check=True)  # noqa: S603  our own source
    return os.environ | {"LD_PRELOAD": str(library)}


class WriteErrors:
    """Lets writes, syncs and cuts of this process's files fail at random, some writes after their first half."""

    def __init__(self) -> None:
        """Find the library; raise `NoPreload` where the process was not started under it."""
        if not is_under_write_errors():
            raise NoPreload("start the process with the environment of `under_write_errors`")
        self._library = ctypes.CDLL(None)

    def on(self, rate: float, seed: int) -> None:
        """Let that share of calls fail with a disk error from now on; 0 ends it."""
        self._library.write_errors_on(ctypes.c_double(rate), ctypes.c_uint(seed))


def _library(pattern: str, package: str) -> str:
    found = sorted(LIBRARIES.glob(pattern))
    if not found:
        raise NoPreload(f"install Debian's {package}")
    return str(found[-1])
