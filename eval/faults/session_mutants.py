"""Edited, cut, reordered, spliced and foreign sessions: each has to be refused (case C7).

    python -m eval.faults.session_mutants --mutants 5000

Sessions are recorded against an endpoint on loopback, written as signed folders, half of them with decision inputs, and
changed at every class of byte: inside hashes, numbers, texts, keys, marks, blanks and at the ends, of every file. They
are read as their own installation reads them, and as another machine does that knows the signer's fingerprint only.
Replays run with sockets shut.
"""

import argparse
import json
import random
import shutil
import socket
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.replay.run import plan_of, replay_bundle
from agent.sessions.bundle import SIGNATURE, Bundle, read_bundle, write_bundle
from agent.sessions.chain import SessionTampered
from agent.sessions.decisions import DECIDED, FRAMES, INPUTS
from agent.sessions.export import CASSETTE, SESSION
from agent.sessions.signing import UnknownSigner, fingerprint_of

from .loopback_llm import KEY, Brain, calls, loopback_llm, plan_with
from .round_context import round_context
from .small_decisions import small_decisions

N_SESSIONS = 20
CLASSES: dict[str, Callable[[str], bool]] = {
    "digit": str.isdigit, "letter": str.isalpha, "mark": lambda sign: sign in '{}[]:,"', "blank": str.isspace,
    "other": lambda sign: not (sign.isalnum() or sign.isspace() or sign in '{}[]:,"'),
}  # fmt: skip
EDITS = ("flip", "drop", "double", "insert", "swap")


@dataclass(frozen=True)
class Result:
    """What was tried."""

    n_mutants: int
    """Changed sessions."""
    n_detected: int
    """Of which were refused."""
    missed: tuple[str, ...]
    """Those that were not."""
    classes: dict[str, int]
    """Mutants per kind of change."""
    n_replays: int
    """Untouched sessions that replayed to the same plan."""
    n_connects: int
    """Connections a replay tried to open."""

    @property
    def holds(self) -> bool:
        """Say whether everything was refused, and every untouched session replayed without a connection."""
        return self.n_detected == self.n_mutants and self.n_connects == 0 and self.n_replays > 0


def run(n: int, seed: int = 7, *, n_sessions: int = N_SESSIONS) -> Result:
    """Try `n` mutants of freshly recorded sessions."""
    rng = random.Random(seed)  # noqa: S311  chance, not secrets
    with tempfile.TemporaryDirectory(prefix="second-order-mutants-") as home:
        folders = _sessions(Path(home), n_sessions)
        counted: Counter[str] = Counter()
        missed: list[str] = []
        mutants = _mutants(folders, Path(home), rng)
        while counted.total() < n:
            name, is_refused = next(mutants)
            counted[name.partition(" ")[0]] += 1
            if not is_refused:
                missed.append(name)
        n_replays, n_connects = _replays(folders)
    return Result(n, n - len(missed), tuple(missed[:20]), dict(sorted(counted.items())), n_replays, n_connects)


def _sessions(home: Path, n: int) -> list[Path]:
    folders = []
    with loopback_llm() as llm:
        for number in range(n):
            llm.brain = _titled(f"Plan {number} für Zoë")
            _, recorder = plan_with(llm, round_context(), session_id=f"s-mutant-{number:02d}")
            folders.append(home / f"s-mutant-{number:02d}")
            plan = plan_of(recorder.events) if number % 2 == 0 else None
            bundle = Bundle(recorder.stored(), small_decisions(plan, round_context()) if plan else None)
            write_bundle(bundle, folders[-1], KEY)
    return folders


def _titled(title: str) -> Brain:
    """Give a brain that looks once and then submits."""

    def brain(number: int, _asked: dict[str, Any]) -> dict[str, Any]:
        if number == 1:
            return calls("size_segment", {}, "c1")
        return calls("submit_plan", {"title": title, "note": "n"}, f"c{number}")

    return brain


def _mutants(folders: list[Path], home: Path, rng: random.Random) -> Iterator[tuple[str, bool]]:
    """Give mutants for ever: single bytes of each class first, then whole entries, tails, seals and places."""
    work = home / "mutant"
    while True:
        folder = rng.choice(folders)
        for kind, edit in (*((f"{name}-{edit}", edit) for name in CLASSES for edit in EDITS),):
            for file in (SESSION, CASSETTE, SIGNATURE):
                yield f"byte {file} {kind}", _refused(_edited(folder, work, file, kind.partition("-")[0], edit, rng))
        for name, change in _WHOLE.items():
            yield f"{name} {folder.name}", _refused(_changed(folder, work, rng.choice(folders), change, rng))
        yield f"cut {folder.name}", _refused(_cut(folder, work, rng))
        yield f"link {folder.name}", _refused(_linked(folder, work, rng))
        yield f"tenant {folder.name}", _refused(folder, b"the key of another installation")
        yield f"stranger {folder.name}", _refused(folder, None)
        for name, spoil in _FILES.items():
            yield f"{name} {folder.name}", _refused(_spoiled(folders[0], work, spoil, rng))


def _refused(folder: Path, key: bytes | None = KEY) -> bool:
    """Say whether the folder is refused at home, and on a machine that trusts the signer and has another key."""
    trusted = [fingerprint_of(KEY)] if key == KEY else []
    return all(_refuses(folder, *reader) for reader in ((key, []), (b"elsewhere" if trusted else key, trusted)))


def _refuses(folder: Path, key: bytes | None, trusted: list[str]) -> bool:
    try:
        read_bundle(folder, key, trusted)
    except (SessionTampered, UnknownSigner):
        return True
    return False


def _edited(folder: Path, work: Path, file: str, kind: str, edit: str, rng: random.Random) -> Path:
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(folder, work)
    text = (work / file).read_bytes().decode()
    at = rng.choice([place for place, sign in enumerate(text) if CLASSES[kind](sign)] or [0])
    sign = text[at]
    other = chr(ord(sign) ^ 1)
    after = text[at + 1] if at + 1 < len(text) else ""
    put = {"flip": other, "drop": "", "double": sign * 2, "insert": f"{sign}x", "swap": after + sign}[edit]
    changed = text[:at] + put + text[at + (2 if edit == "swap" else 1) :]
    if changed == text:  # two equal signs changed places
        changed = text[:at] + other + text[at + 1 :]
    (work / file).write_bytes(changed.encode("utf-8", "surrogatepass"))
    return work


Document = dict[str, Any]


def _reorder(document: Document, _other: Document, rng: random.Random) -> None:
    events = document["events"]
    one, two = rng.sample(range(len(events)), 2)
    events[one], events[two] = events[two], events[one]


def _splice(document: Document, other: Document, rng: random.Random) -> None:
    at = rng.randrange(1, len(document["events"]))
    document["events"][at] = other["events"][min(at, len(other["events"]) - 1)] | {"body": {"spliced": at}}


def _drop(document: Document, _other: Document, rng: random.Random) -> None:
    del document["events"][rng.randrange(len(document["events"]))]


def _tail(document: Document, _other: Document, rng: random.Random) -> None:
    del document["events"][-rng.randrange(1, len(document["events"])) :]


def _head(document: Document, _other: Document, rng: random.Random) -> None:
    document["head"]["principal"] = f"somebody{rng.random()}"


def _seal(document: Document, _other: Document, rng: random.Random) -> None:
    document["seal"] = f"{rng.getrandbits(256):064x}"


def _forge(document: Document, other: Document, rng: random.Random) -> None:
    document["head"]["id"] = f"../{other['head']['id']}-{rng.random()}"


_WHOLE = {
    "reorder": _reorder, "splice": _splice, "drop": _drop, "tail": _tail, "head": _head, "seal": _seal, "forge": _forge,
}  # fmt: skip


def _changed(
    folder: Path,
    work: Path,
    other: Path,
    change: Callable[[Document, Document, random.Random], None],
    rng: random.Random,
) -> Path:
    from memory.domain.canonical import canonical_json

    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(folder, work)
    document = json.loads((folder / SESSION).read_text(encoding="utf-8"))
    change(document, json.loads((other / SESSION).read_text(encoding="utf-8")), rng)
    (work / SESSION).write_bytes(canonical_json(document) + b"\n")
    return work


def _cut(folder: Path, work: Path, rng: random.Random) -> Path:
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(folder, work)
    file = work / rng.choice((SESSION, CASSETTE))
    raw = file.read_bytes()
    file.write_bytes(raw[: rng.randrange(len(raw))])
    return work


def _linked(folder: Path, work: Path, rng: random.Random) -> Path:
    """Let one of the files be a link to the true one elsewhere."""
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(folder, work)
    file = rng.choice((SESSION, CASSETTE))
    (work / file).unlink()
    (work / file).symlink_to(folder / file)
    return work


def _spoil_binary(work: Path, rng: random.Random) -> None:
    """Flip one bit of a binary file."""
    file = work / rng.choice((INPUTS, DECIDED))
    raw = bytearray(file.read_bytes())
    raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
    file.write_bytes(bytes(raw))


def _spoil_frames(work: Path, rng: random.Random) -> None:
    """Change one byte of what the decisions share."""
    raw = bytearray((work / FRAMES).read_bytes())
    raw[rng.randrange(len(raw))] ^= 1
    (work / FRAMES).write_bytes(bytes(raw))


def _unbundle(work: Path, rng: random.Random) -> None:
    """Leave the decision inputs, or one of their files, out."""
    for name in rng.choice(((FRAMES, INPUTS, DECIDED), (FRAMES,), (INPUTS,), (DECIDED,))):
        (work / name).unlink()


def _unsign(work: Path, _rng: random.Random) -> None:
    """Take the signature away."""
    (work / SIGNATURE).unlink()


def _resign(work: Path, rng: random.Random) -> None:
    """Let somebody else sign what was changed."""
    from agent.sessions.bundle import sign_folder

    _spoil_binary(work, rng)
    sign_folder(work, b"whoever changed it, 32 bytes....")


_FILES = {
    "binary": _spoil_binary, "frames": _spoil_frames, "unbundle": _unbundle, "unsign": _unsign, "resign": _resign,
}  # fmt: skip


def _spoiled(folder: Path, work: Path, spoil: Callable[[Path, random.Random], None], rng: random.Random) -> Path:
    """Spoil a copy of a folder that holds decision inputs."""
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(folder, work)
    spoil(work, rng)
    return work


def _replays(folders: list[Path]) -> tuple[int, int]:
    n_same = 0
    with sockets_shut() as tried:
        for folder in folders:
            bundle = read_bundle(folder, KEY)
            report = replay_bundle(bundle, KEY)
            wanted = "same" if bundle.decisions else "not bundled"
            n_same += report.is_same and report.decisions == wanted and report.n_hand_offs == 0
    return n_same, len(tried)


@contextmanager
def sockets_shut() -> Iterator[list[Any]]:
    """Refuse every connection and give the list of those that were tried."""
    tried: list[Any] = []
    before = socket.socket.connect

    def refuse(_self: socket.socket, address: Any) -> None:
        tried.append(address)
        raise OSError("a replay opens no connection")

    socket.socket.connect = refuse  # type: ignore[method-assign, assignment]
    try:
        yield tried
    finally:
        socket.socket.connect = before  # type: ignore[method-assign]


def main(arguments: Sequence[str]) -> int:
    """Try, print, and fail where one mutant passes."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--mutants", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args(arguments)
    found = run(given.mutants, given.seed)
    sys.stdout.write(
        f"{found.n_detected} of {found.n_mutants} mutants of {N_SESSIONS} sessions refused; "
        f"{found.n_replays} untouched ones replayed with {found.n_connects} connections (seed {given.seed})\n"
        f"per kind: {found.classes}\n" + "".join(f"MISSED {name}\n" for name in found.missed)
    )
    return 0 if found.holds else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
