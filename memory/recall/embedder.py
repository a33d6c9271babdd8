"""Embedders: what turns a text into a vector. The default needs no network and downloads nothing."""

import hashlib
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from memory.domain.errors import SecondOrderError

from .words import words

WORD_VECTORS = "weights/l2_supercat_256.safetensors"
WORD_TOKENIZER = "tokenizers/l2_supercat_tokenizer_config.json"


class EmbedderMissing(SecondOrderError):
    """The embedder {name} cannot be used: {why}. Install it or choose another one."""

    http_status = 409


class Embedder(Protocol):
    """Gives one unit vector per text."""

    name: str
    """Stable name; a collection carries it, so that vectors of two embedders never mix."""

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Give the vectors of `texts`, in order."""
        ...


class HashingEmbedder:
    """Counts words into hashed places: no files needed, finds shared words only."""

    name = "hashing-512"

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Give 512 numbers per text."""
        return [self._one(text) for text in texts]

    def _one(self, text: str) -> list[float]:
        vector = [0.0] * 512
        for word in words(text):
            digest = hashlib.blake2b(word.encode(), digest_size=8).digest()
            vector[int.from_bytes(digest[:4]) % 512] += 1.0 if digest[4] % 2 else -1.0
        return _unit(vector)


class WordVectors:
    """The static word vectors that the wordllama package ships (256 numbers), read from its own files."""

    name = "wordllama-l2-supercat-256"

    def __init__(self, folder: Path | None = None) -> None:
        """Read the package's files; raise `EmbedderMissing` where they are not there."""
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        folder = folder or _wordllama_folder()
        if folder is None or not (folder / WORD_VECTORS).exists():
            raise EmbedderMissing(name=self.name, why="the wordllama package ships no vectors here")
        self._vectors: Any = load_file(str(folder / WORD_VECTORS))["embedding.weight"]
        self._tokenizer: Any = Tokenizer.from_str((folder / WORD_TOKENIZER).read_text(encoding="utf-8"))

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Give the mean of each text's token vectors, normalised."""
        encoded = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [self._one(tokens.ids) for tokens in encoded]

    def _one(self, ids: list[int]) -> list[float]:
        if not ids:
            return _unit([0.0] * 256)
        mean = self._vectors[ids].astype("float64").mean(axis=0)
        return _unit([round(float(value), 6) for value in mean])


class OpenAIEmbedder:
    """Vectors of an OpenAI-compatible endpoint; texts leave the machine, so use it only where that is allowed."""

    def __init__(self, base_url: str, llm: str, api_key: str) -> None:
        """Use this endpoint and embedding name."""
        from openai import OpenAI

        self.name = f"openai-{llm}"
        self._llm = llm
        self._client = OpenAI(base_url=base_url, api_key=api_key or "none", max_retries=2, timeout=30)

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Ask the endpoint."""
        answer = self._client.embeddings.create(model=self._llm, input=list(texts), encoding_format="float")
        return [row.embedding for row in answer.data]


def default_embedder() -> Embedder:
    """Give the word vectors where their package is installed, else the hashing embedder."""
    folder = _wordllama_folder()
    return WordVectors(folder) if folder and (folder / WORD_VECTORS).exists() else HashingEmbedder()


def _wordllama_folder() -> Path | None:
    from importlib.util import find_spec

    spec = find_spec("wordllama")  # only located: importing it is slow and its own load() downloads
    places = list(spec.submodule_search_locations or []) if spec else []
    return Path(places[0]) if places else None


def _unit(vector: list[float]) -> list[float]:
    size = math.sqrt(math.fsum(value * value for value in vector))
    if size == 0:
        return [1.0, *([0.0] * (len(vector) - 1))]
    return [value / size for value in vector]


def fingerprint(embedder: Embedder) -> str:
    """Give a hash of an embedder's answer to a fixed text: two machines with the same vectors agree on it."""
    rounded = [round(value, 4) for value in embedder.embed(["brand voice 品牌"])[0]]
    return hashlib.sha256(json.dumps(rounded).encode()).hexdigest()[:16]
