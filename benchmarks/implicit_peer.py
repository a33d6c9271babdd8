"""Neighbours of articles by the baskets they lay in, by implicit; run by the peers' Python: it imports nothing of ours.

Arguments: the model's name in `MODELS`, the k places, and Parquet files of (basket, sku), of the (sku) that are asked
for, and of the (sku, other) to write.
"""

import sys

import numpy as np
import pandas as pd
from implicit.nearest_neighbours import BM25Recommender, CosineRecommender
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

MODELS = {"cosine": CosineRecommender, "bm25": BM25Recommender}


def main(model: str, places: str, learn: str, ask: str, out: str) -> None:
    k, items = int(places), pd.read_parquet(learn)
    basket, _ = pd.factorize(items["basket"])
    article, names = pd.factorize(items["sku"], sort=True)
    skus = np.asarray(names, dtype=object)
    matrix = csr_matrix((np.ones(len(items)), (basket, article)))
    with threadpool_limits(1):
        found = MODELS[model](K=200, num_threads=1)
        found.fit(matrix, show_progress=False)
        asked = np.flatnonzero(np.isin(skus, np.asarray(pd.read_parquet(ask)["sku"], dtype=object)))
        near, scores = found.similar_items(asked, N=k + 1)
    rows = [
        (skus[one], skus[other])
        for one, others, values in zip(asked, near, scores, strict=True)
        for other in [other for other, value in zip(others, values, strict=True) if other != one and value > 0][:k]
    ]
    pd.DataFrame(rows, columns=["sku", "other"]).to_parquet(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
