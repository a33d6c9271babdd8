"""Recall finds notes by meaning and by word, in one shop only, without a network."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import pytest

from memory.domain.errors import InvalidInput
from memory.recall.embedder import Embedder, HashingEmbedder, default_embedder
from memory.recall.notes import Note, NoteKind, Recall, note

AT = datetime(2026, 12, 1, tzinfo=UTC)
TEXTS = {
    "credit": "Store credit brought more second orders than a discount for first-time buyers.",
    "quiet": "Text messages in the evening cost us many unsubscribes in Germany.",
    "voice-zh": "品牌语气：亲切、克制，不用感叹号。",
    "care": "Care guides after delivery lowered returns of shoes.",
}


def lesson(note_id: str, text: str, shop_id: str = "shop") -> Note:
    kind: NoteKind = "brand_voice" if note_id.startswith("voice") else "lesson"
    return note(shop_id, kind, note_id, text, source="plan abc, lift report", approved_by="anna", at=AT)


@pytest.fixture(params=[HashingEmbedder(), default_embedder()], ids=lambda embedder: embedder.name)
def recall(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Recall]:
    embedder: Embedder = request.param
    kept = Recall(tmp_path / "recall", embedder)
    kept.remember([lesson(name, text) for name, text in TEXTS.items()])
    kept.remember([lesson("foreign", "Store credit is what the other shop likes.", "other")])
    yield kept
    kept.close()


def test_dc_07_a_lesson_is_found_with_its_provenance(recall: Recall) -> None:
    best = recall.find("shop", "does store credit bring second orders", limit=2)[0].note
    assert (best.id, best.source, best.approved_by) == ("credit", "plan abc, lift report", "anna")
    assert recall.find("shop", "unsubscribes after text messages in Germany")[0].note.id == "quiet"


def test_dc_07_chinese_notes_are_found_by_chinese_words(recall: Recall) -> None:
    assert recall.find("shop", "品牌语气是什么", kind="brand_voice")[0].note.id == "voice-zh"


def test_c7_another_shops_notes_are_never_found(recall: Recall) -> None:
    found = recall.find("shop", "what the other shop likes", limit=10)
    assert found and all(row.note.shop_id == "shop" for row in found)
    assert recall.find("nobody", "store credit") == ()


def test_dc_05_the_same_query_gives_the_same_order(recall: Recall) -> None:
    assert recall.find("shop", "orders", limit=4) == recall.find("shop", "orders", limit=4)


def test_dc_07_notes_are_replaced_forgotten_and_survive_a_restart(tmp_path: Path) -> None:
    first = Recall(tmp_path / "r", HashingEmbedder())
    first.remember([lesson("a", "old words"), lesson("b", "other words")])
    first.remember([lesson("a", "new words")])
    first.forget("shop", ["b"])
    first.close()
    again = Recall(tmp_path / "r", HashingEmbedder())
    assert [kept.text for kept in again.all("shop")] == ["new words"]


def test_d8_memory_that_a_new_vector_file_was_made_of_names_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The room for later vectors is not zeroed: whatever the process had there lands in the file."""
    folder, remember = tmp_path / "r", Recall.remember

    def with_remnant(self: Recall, notes: Sequence[Note]) -> None:
        remember(self, notes)
        for file in folder.rglob("data_level0.bin"):
            content = bytearray(file.read_bytes())
            content[-64:-53] = b"Zaphrodella"
            file.write_bytes(content)

    monkeypatch.setattr(Recall, "remember", with_remnant)
    kept = Recall(folder, HashingEmbedder())
    kept.remember([lesson("a", "Short subjects win"), lesson("b", "Zaphrodella liked it")])
    assert kept.purge(["Zaphrodella"]) == 1
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert files and not [file for file in files if b"Zaphrodella" in file.read_bytes()]
    assert [one.note.id for one in kept.find("shop", "subjects")] == ["a"]


def test_c6_a_note_with_an_address_or_a_number_is_refused() -> None:
    for text in ("write to anna@example.com", "call +49 170 1234567 first"):
        with pytest.raises(InvalidInput, match="address or a number"):
            lesson("x", text)


def test_dc_07_threads_that_open_one_folder_at_once_all_read_it(tmp_path: Path) -> None:
    def read(_: int) -> tuple[Note, ...]:
        ready.wait(30)
        return Recall(tmp_path / "recall", HashingEmbedder()).all("shop")

    ready = Barrier(8)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(read, range(8))) == [()] * 8
