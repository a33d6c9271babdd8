"""An environment of its own for peers that are no dependency of ours, from `requirements-bench.lock`."""

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

from .measure import ROOT

LOCK = ROOT / "requirements-bench.lock"


def peer_python() -> Path:
    """Give the Python of the peers' environment; it is built in the temporary folder where it is missing."""
    name = hashlib.sha256(LOCK.read_bytes()).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"second-order-bench-peers-{name}"
    python, done = folder / "bin" / "python", folder / "done"
    if not done.exists():
        uv = Path(sys.prefix) / "bin" / "uv"
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        install = [str(uv), "pip", "install", "-q", "--python", str(python), "--require-hashes", "-r", str(LOCK)]
        subprocess.run(install, check=True)
        done.touch()
    return python
