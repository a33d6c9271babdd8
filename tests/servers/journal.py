"""The oracle: what a provider took, in an append-only file that is on disk before anything is answered."""

import json
import os
from pathlib import Path
from threading import Lock
from typing import Any


class Journal:
    """Lines of JSON, each fsynced."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = Lock()

    def write(self, **entry: Any) -> None:
        with self._lock:
            handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(handle, (json.dumps(entry, ensure_ascii=False) + "\n").encode())
                os.fsync(handle)
            finally:
                os.close(handle)

    def entries(self) -> list[dict[str, Any]]:
        if not self.path.exists():
            return []
        return [json.loads(line) for line in self.path.read_text(encoding="utf-8").splitlines()]

    def keys(self) -> list[str]:
        return [entry["key"] for entry in self.entries()]
