"""Our embedder as Chroma wants it; Chroma's own default would download one."""

from typing import Any

from chromadb import Documents, EmbeddingFunction, Embeddings
from chromadb.utils.embedding_functions import register_embedding_function

from .embedder import Embedder, HashingEmbedder, default_embedder


@register_embedding_function
class OwnEmbedding(EmbeddingFunction[Documents]):
    """Passes texts to an `Embedder`."""

    def __init__(self, embedder: Embedder | None = None) -> None:
        """Use the embedder; the default one where none is given."""
        self._embedder = embedder or default_embedder()

    def __call__(self, input: Documents) -> Embeddings:
        """Give the vectors."""
        import numpy as np

        return [np.array(vector, dtype=np.float32) for vector in self._embedder.embed(input)]

    @staticmethod
    def name() -> str:
        """Give the name Chroma stores."""
        return "second-order"

    def get_config(self) -> dict[str, Any]:
        """Give what Chroma stores to build the function again."""
        return {"embedder": self._embedder.name}

    @staticmethod
    def build_from_config(config: dict[str, Any]) -> "OwnEmbedding":
        """Build the function from what Chroma stored."""
        return OwnEmbedding(HashingEmbedder() if config.get("embedder") == HashingEmbedder.name else None)


def embedding_function(embedder: Embedder) -> Any:
    """Wrap the embedder."""
    return OwnEmbedding(embedder)
