"""Open Bandit: a policy valued from the other policy's log, beside the mean its own log shows."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from memory.domain.experiment import Interval
from tools.experiments.intervals import wilson
from tools.offpolicy import Log, PolicyValue, evaluate
from tools.offpolicy.log import Floats

from .figure import Figure, consistent, near, of_estimate

SOURCE = "Open Bandit Dataset, small size (ZOZO Research), CC BY 4.0"
FILES = ("open_bandit_random_all.parquet", "open_bandit_bts_all.parquet")
N_ITEMS = 80
N_POSITIONS = 3
FEATURES = tuple(f"user_feature_{number}" for number in range(4))
CLICK_RATES = (0.0038, 0.0042)
"""Random and BTS on their own logs."""
IPS_OF_BTS = (0.0050, 0.0013)
"""Inverse-propensity value of BTS's item marginals per position on the random log, and its standard error."""


def figures(folder: Path) -> tuple[Figure, ...]:
    """Give both directions: click rates per shown item."""
    random, bts = (pq.read_table(folder / file) for file in FILES)
    own = tuple(_click_rate(rows) for rows in (random, bts))
    of_bts = evaluate(_log(random), _shares_of(bts)[random["position"].to_numpy()])
    of_random = evaluate(_log(bts), np.full((bts.num_rows, N_ITEMS), 1 / N_ITEMS))
    assert isinstance(of_bts.ips, Interval)
    return (
        near("random, clicks per item on its own log", own[0].estimate, CLICK_RATES[0], 5e-5),
        near("BTS, clicks per item on its own log", own[1].estimate, CLICK_RATES[1], 5e-5),
        near("BTS from the random log, inverse propensity", of_bts.ips.estimate, IPS_OF_BTS[0], 5e-5),
        near("the same, standard error", (of_bts.ips.high - of_bts.ips.low) / 3.92, IPS_OF_BTS[1], 5e-5),
        *_direction("BTS from the random log", of_bts, own[1]),
        *_direction("random from the BTS log", of_random, own[0]),
    )


def _direction(name: str, found: PolicyValue, own: Interval) -> tuple[Figure, ...]:
    return (
        Figure(name=f"{name}, effective rows", found=found.effective_n, note=f"of {found.n:,}"),
        of_estimate(f"{name}, self-normalised", found.snips),
        of_estimate(f"{name}, doubly robust", found.value),
        consistent(f"{name}, doubly robust less its own log's mean", found.value, own),
    )


def _click_rate(rows: pa.Table) -> Interval:
    return wilson(int(pc.sum(rows["click"]).as_py()), rows.num_rows)


def _shares_of(rows: pa.Table) -> Floats:
    """Give per position (the first is 1) how often each item stood there."""
    counts = np.zeros((N_POSITIONS + 1, N_ITEMS))
    np.add.at(counts, (rows["position"].to_numpy(), rows["item_id"].to_numpy()), 1.0)
    shares: Floats = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1.0)
    return shares


def _log(rows: pa.Table) -> Log:
    """Give the log; its context is who looks and where the item stands."""
    columns = []
    for name in (*FEATURES, "position"):
        values = sorted(pc.unique(rows[name]).to_pylist())[1:]
        columns += [pc.equal(rows[name], value).to_numpy().astype(np.float64) for value in values]
    return Log(
        context=np.column_stack(columns),
        action=rows["item_id"].to_numpy().astype(np.int64),
        reward=rows["click"].to_numpy().astype(np.float64),
        propensity=rows["propensity_score"].to_numpy().astype(np.float64),
    )
