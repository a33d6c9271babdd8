"""How many unbound claims the copy checker finds, and how much clean copy it stops, per language.

`python -m eval.copy_claims` counts a labelled corpus (`copy_corpus.yaml`, written by us) and the product's own message
templates, of which every finding is listed: people wrote and read those.
"""

import sys
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import yaml

from memory.domain.market import Language
from tools.copywriting.claims import CHECKED_LANGUAGES, unbound_claims

CORPUS = Path(__file__).with_name("copy_corpus.yaml")


class Counted(NamedTuple):
    """One language's counts."""

    language: Language
    missed: tuple[str, ...]
    """Sentences with a claim that was not found."""
    stopped: tuple[str, ...]
    """Clean sentences in which one was."""
    n_claims: int
    n_clean: int

    @property
    def recall(self) -> float:
        """Share of sentences with a claim that are stopped."""
        return 1 - len(self.missed) / self.n_claims

    @property
    def precision(self) -> float:
        """Share of stopped sentences that hold a claim."""
        n_found = self.n_claims - len(self.missed)
        return n_found / (n_found + len(self.stopped)) if n_found else 0.0


@lru_cache(maxsize=1)
def corpus() -> dict[Language, dict[str, list[str]]]:
    """Give the labelled sentences: language to `claims` and `clean`."""
    found: dict[Language, dict[str, list[str]]] = yaml.safe_load(CORPUS.read_text(encoding="utf-8"))
    return found


def count(language: Language) -> Counted:
    """Hold the checker against one language's sentences."""
    labelled = corpus()[language]
    missed = tuple(said for said in labelled["claims"] if not unbound_claims(language, said))
    stopped = tuple(said for said in labelled["clean"] if unbound_claims(language, said))
    return Counted(language, missed, stopped, len(labelled["claims"]), len(labelled["clean"]))


def report() -> Iterator[str]:
    """Give the lines of the table, and each sentence that was judged wrongly."""
    yield "language  claims  found  clean  stopped  recall  precision"
    for language in CHECKED_LANGUAGES:
        one = count(language)
        found = one.n_claims - len(one.missed)
        yield (
            f"{language:8}  {one.n_claims:6}  {found:5}  {one.n_clean:5}  {len(one.stopped):7}  "
            f"{one.recall:6.3f}  {one.precision:9.3f}"
        )
        yield from (f"  missed: {said}" for said in one.missed)
        yield from (f"  stopped: {said} ({_named(language, said)})" for said in one.stopped)
    of_ours = list(template_findings())
    yield f"The product's own templates: {len(of_ours)} texts hold what the checker would stop"
    yield from (f"  {name} {language}: {said} ({_named(language, said)})" for name, language, said in of_ours)


def template_findings() -> Iterator[tuple[str, Language, str]]:
    """Give name, language and text of every template text in which a claim is found; people wrote and read these."""
    folders = (each for each in files("prompts.messages").iterdir() if each.is_dir())
    for folder in sorted(folders, key=lambda each: each.name):
        for language in CHECKED_LANGUAGES:
            file = folder / f"{language}.yaml"
            for said in _texts(yaml.safe_load(file.read_text(encoding="utf-8"))) if file.is_file() else ():
                if unbound_claims(language, said):
                    yield folder.name, language, said


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(each)


def _named(language: Language, said: str) -> str:
    return ", ".join(f"{claim.kind}: {claim.words}" for claim in unbound_claims(language, said))


if __name__ == "__main__":
    sys.stdout.write("\n".join(report()) + "\n")
