"""Recall: brand voice and lessons of measured campaigns, kept in Chroma and found by meaning and by word."""

import re
import shutil
import threading
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from memory.domain.base import Frozen, Instant, ShopId, Slug
from memory.domain.errors import InvalidInput

from .embedder import Embedder, default_embedder
from .words import words

NoteKind = Literal["brand_voice", "lesson"]
RANK_CONSTANT = 60
"""Reciprocal rank fusion's constant (Cormack, Clarke, Buettcher 2009)."""
_TURN = threading.RLock()
"""One thread opens at a time: Chroma lists a folder before it has opened it, and a second thread finds half of it."""


class Note(Frozen):
    """One thing worth remembering. It is read as data and never obeyed."""

    id: Slug
    """Its id within the shop."""
    shop_id: ShopId
    """Whose it is; another shop never sees it."""
    kind: NoteKind
    """Brand voice or lesson."""
    text: Annotated[str, Field(min_length=1, max_length=2_000)]
    """What is remembered; no personal data."""
    source: Annotated[str, Field(min_length=1, max_length=200)]
    """Where it comes from: a plan's id with its lift report, or a document's name."""
    approved_by: Annotated[str, Field(min_length=1, max_length=64)]
    """The person who let it in; text that nobody approved is never remembered."""
    at: Instant
    """When it was let in."""


class Recalled(Frozen):
    """A note that was found."""

    note: Note
    """What was found."""
    score: float
    """Fused rank score; only its order means something."""


class Recall:
    """The notes of all shops in one Chroma folder; one process owns it."""

    def __init__(self, folder: Path, embedder: Embedder | None = None) -> None:
        """Use `folder`; it is opened at the first use."""
        self._folder, self._embedder, self._opened = folder, embedder, None

    def remember(self, notes: Sequence[Note]) -> None:
        """Keep the notes; a note of the same shop and id is replaced."""
        if not notes:
            return
        self._collection().upsert(
            ids=[_key(note.shop_id, note.id) for note in notes],
            documents=[note.text for note in notes],
            metadatas=[note.model_dump(mode="json", exclude={"text"}) for note in notes],
        )

    def forget(self, shop_id: str, ids: Sequence[str]) -> None:
        """Remove notes for good."""
        if ids:
            self._collection().delete(ids=[_key(shop_id, one) for one in ids])

    def purge(self, literals: Sequence[str]) -> int:
        """Forget every note, of any shop, that names one of these texts, and give how many.

        Chroma keeps what was deleted in its log and free pages, so the folder is made anew from what stays; that also
        happens where only such a remnant names them. The free room of its new vector files is memory as this process
        left it, so the texts are overwritten there.
        """
        named = [literal.casefold() for literal in literals if literal]
        files = [file for file in self._folder.rglob("*") if file.is_file()] if self._folder.exists() else []
        if not any(literal.encode() in file.read_bytes() for file in files for literal in literals if literal):
            return 0
        found = self._collection().get(include=["documents", "metadatas"])
        notes = [_note(text, fields) for text, fields in zip(found["documents"], found["metadatas"], strict=True)]
        kept = [note for note in notes if not any(name in f"{note.text} {note.source}".casefold() for name in named)]
        with _TURN:
            self.close()
            _let_go()
            shutil.rmtree(self._folder)
            self.remember(kept)
            self.close()
            _let_go()
            for file in self._folder.rglob("*.bin"):
                _blank(file, [literal.encode() for literal in literals if literal])
        return len(notes) - len(kept)

    def all(self, shop_id: str, kind: NoteKind | None = None) -> tuple[Note, ...]:
        """Give the shop's notes in order of their ids."""
        found = self._collection().get(where=_where(shop_id, kind), include=["documents", "metadatas"])
        notes = [_note(text, fields) for text, fields in zip(found["documents"], found["metadatas"], strict=True)]
        return tuple(sorted(notes, key=lambda note: note.id))

    def find(self, shop_id: str, query: str, kind: NoteKind | None = None, limit: int = 3) -> tuple[Recalled, ...]:
        """Give the notes nearest in meaning and words, best first; ties go by id."""
        notes = {note.id: note for note in self.all(shop_id, kind)}
        if not notes or not query.strip():
            return ()
        ranks = [self._by_meaning(shop_id, query, kind, len(notes)), _by_words(notes, query)]
        scores = {
            one: sum(1 / (RANK_CONSTANT + order.index(one) + 1) for order in ranks if one in order) for one in notes
        }
        best = sorted((-round(score, 9), one) for one, score in scores.items() if score)
        return tuple(Recalled(note=notes[one], score=-score) for score, one in best[:limit])

    def close(self) -> None:
        """Let go of the folder."""
        self._opened = None

    def _by_meaning(self, shop_id: str, query: str, kind: NoteKind | None, n_notes: int) -> list[str]:
        found = self._collection().query(
            query_texts=[query], n_results=min(20, n_notes), where=_where(shop_id, kind), include=["distances"]
        )
        pairs = zip(found["distances"][0], found["ids"][0], strict=True)
        return [key.partition("/")[2] for _, key in sorted((round(distance, 6), key) for distance, key in pairs)]

    def _collection(self) -> Any:
        with _TURN:
            if self._opened is None:
                self._opened = _open(self._folder, self._embedder or default_embedder())
            return self._opened


def note(shop_id: str, kind: NoteKind, note_id: str, text: str, *, source: str, approved_by: str, at: datetime) -> Note:
    """Make a note; raise `InvalidInput` where the text holds an e-mail address or a telephone number."""
    if re.search(r"[\w.+-]+@[\w-]+\.\w+|\+?\d[\d ()/-]{7,}\d", text):
        raise InvalidInput(what="The note", why="it holds an address or a number", remedy="Leave out personal data")
    return Note(id=note_id, shop_id=shop_id, kind=kind, text=text, source=source, approved_by=approved_by, at=at)


def _open(folder: Path, embedder: Embedder) -> Any:
    import chromadb
    from chromadb.config import Settings

    from .chroma import embedding_function

    folder.mkdir(parents=True, exist_ok=True)
    client = chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))
    name = re.sub(r"[^a-z0-9-]+", "-", f"notes-{embedder.name}".lower()).strip("-")
    return client.get_or_create_collection(
        name, embedding_function=embedding_function(embedder), metadata={"hnsw:space": "cosine"}
    )


def _blank(file: Path, texts: Sequence[bytes]) -> None:
    """Overwrite texts in a file of vectors; the next reader finds zeros in their place."""
    content = before = file.read_bytes()
    for text in texts:
        content = content.replace(text, bytes(len(text)))
    if content != before:
        file.write_bytes(content)


def _let_go() -> None:
    """Chroma remembers open folders for the life of the process."""
    from chromadb.api.shared_system_client import SharedSystemClient

    SharedSystemClient.clear_system_cache()


def _key(shop_id: str, note_id: str) -> str:
    return f"{shop_id}/{note_id}"


def _where(shop_id: str, kind: NoteKind | None) -> dict[str, Any]:
    return {"$and": [{"shop_id": shop_id}, {"kind": kind}]} if kind else {"shop_id": shop_id}


def _note(text: str, fields: dict[str, Any]) -> Note:
    return Note.model_validate({**fields, "text": text})


def _by_words(notes: dict[str, Note], query: str) -> list[str]:
    wanted = set(words(query))
    shared = {one: len(wanted & set(words(note.text))) for one, note in notes.items()}
    return [one for _, one in sorted((-n, one) for one, n in shared.items() if n)]
