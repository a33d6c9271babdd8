"""The prompt library: `prompts/<name>/v<N>.md` with front matter, locked by hash.

A prompt begins with front matter between `---` lines (`name`, `version`, `purpose`, `values`), then its text with
`{{value}}` places. The text before the first place never changes within a version, so that an endpoint can reuse
its work on the start of every request. Prompts hold no dates, ids or personal data.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent
LOCK = FOLDER / "prompts.lock"
_PINNED: ContextVar[Mapping[str, int]] = ContextVar("pinned", default={})  # noqa: B039  never changed in place
_PLACE = re.compile(r"\{\{(\w+)\}\}")


class PromptError(LookupError):
    """A prompt is missing, malformed or not the locked one."""


@dataclass(frozen=True)
class Prompt:
    """One version of one prompt."""

    name: str
    """Its name."""
    version: int
    """Its version; a changed text is a new version."""
    purpose: str
    """What it is for."""
    values: tuple[str, ...]
    """The places it has; each must be given when it is rendered."""
    text: str
    """Its text with `{{value}}` places."""
    sha256: str
    """Hash of its file."""

    @property
    def ref(self) -> str:
        """The name under which plans and sessions cite it, such as `plan/v1`."""
        return f"{self.name}/v{self.version}"

    def render(self, values: Mapping[str, str]) -> str:
        """Fill the places; raise `PromptError` where one is missing or unknown."""
        if set(values) != set(self.values):
            raise PromptError(f"{self.ref} takes {sorted(self.values)}, not {sorted(values)}")
        return _PLACE.sub(lambda place: values[place[1]], self.text)


@contextmanager
def pinned(chosen: Mapping[str, int]) -> Iterator[None]:
    """Let `load` give these versions where none is named: a replay asks in the words it was recorded with."""
    before = _PINNED.set({**_PINNED.get(), **chosen})
    try:
        yield
    finally:
        _PINNED.reset(before)


def versions_of(refs: Iterable[str]) -> dict[str, int]:
    """Give name to version of references such as `plan/v1`; what is no reference is left out."""
    found = (re.fullmatch(r"([a-z][a-z0-9_]*)/v(\d{1,6})", ref) for ref in refs)
    return {match[1]: int(match[2]) for match in found if match}


def load(name: str, version: int | None = None) -> Prompt:
    """Give a prompt by name; its pinned version where none is named, else its newest.

    Raise `PromptError` unless it is there and locked.
    """
    return _load(name, version or _PINNED.get().get(name))


@lru_cache(maxsize=64)
def _load(name: str, version: int | None) -> Prompt:
    known = versions(name)
    if not known or (version or known[-1]) not in known:
        raise PromptError(f"there is no prompt {name}/v{version or 1}; see the folder prompts")
    prompt = read(FOLDER / name / f"v{version or known[-1]}.md")
    if locked().get(prompt.ref) != prompt.sha256:
        raise PromptError(f"{prompt.ref} is not the locked text; add a new version and run python -m prompts.lock")
    return prompt


def versions(name: str) -> tuple[int, ...]:
    """Give the versions of a prompt, oldest first; none where there is no such prompt."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        return ()
    files = (FOLDER / name).glob("v*.md")
    return tuple(sorted(int(file.stem[1:]) for file in files if file.stem[1:].isdigit()))


def names() -> tuple[str, ...]:
    """Give the names of all prompts."""
    return tuple(sorted(folder.name for folder in FOLDER.iterdir() if folder.is_dir() and versions(folder.name)))


def read(file: Path) -> Prompt:
    """Read one prompt file; raise `PromptError` where its front matter and its text disagree."""
    raw = file.read_bytes()
    _, front, text = raw.decode("utf-8").split("---\n", 2)
    fields = dict(re.findall(r"^(\w+): (.*)$", front, re.M))
    values = tuple(name for name in re.split(r",\s*", fields.get("values", "")) if name)
    expected = (file.parent.name, file.stem)
    if (fields.get("name"), f"v{fields.get('version')}") != expected or set(values) != set(_PLACE.findall(text)):
        raise PromptError(f"{'/'.join(expected)}: name, version or values do not fit the text")
    return Prompt(
        name=file.parent.name,
        version=int(file.stem[1:]),
        purpose=fields.get("purpose", ""),
        values=values,
        text=text.strip() + "\n",
        sha256=hashlib.sha256(raw).hexdigest(),
    )


def locked() -> dict[str, str]:
    """Give the lock: prompt reference to hash."""
    lines = LOCK.read_text(encoding="utf-8").splitlines()
    pairs = (line.split(" ", 1) for line in lines if line)
    return {ref: digest for ref, digest in pairs}  # noqa: C416  mypy wants two names
