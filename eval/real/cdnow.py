"""CDNOW: the published parameters of BG/NBD and Gamma-Gamma, and what the fit says of weeks it did not see."""

from pathlib import Path

import duckdb
import numpy as np
import pyarrow.parquet as pq

from tools.predictions import bgnbd, gamma_gamma
from tools.predictions.bgnbd import Types

from .figure import Figure, near, within

SOURCE = "CDNOW 1/10 sample, 1997-01 to 1998-06 (Fader and Hardie); no licence stated: evaluation only"
FILES = ("cdnow_summary_bgnbd.parquet", "cdnow_sample.parquet")
BG_NBD = {"r": 0.2426, "alpha": 4.4135, "a": 0.7929, "b": 2.4258}
"""Fader, Hardie and Lee 2005, Marketing Science 24(2), table 1, to four places."""
GAMMA_GAMMA = {"p": 6.249, "q": 3.745, "v": 15.448}
"""Fader and Hardie 2013, note 025, on repeat purchases."""
LOG_LIKELIHOOD = -9582.43
N_REPEAT_BUYERS = 946
N_HELD_OUT_DAYS = 1882
HELD_OUT_WEEKS = 39.0
SHARE = 0.005
REPEAT_VALUES = """
WITH days AS (SELECT sample_id, date, sum(value) AS value FROM read_parquet($file)
  WHERE date <= DATE '1997-09-30' GROUP BY ALL),
numbered AS (SELECT *, row_number() OVER (PARTITION BY sample_id ORDER BY date) AS nth FROM days)
SELECT count(*)::DOUBLE AS n, avg(value) AS value FROM numbered WHERE nth > 1
GROUP BY sample_id HAVING sum(value) > 0 ORDER BY sample_id
"""
HELD_OUT = """
SELECT count(*) FROM (SELECT DISTINCT sample_id, date FROM read_parquet($file) WHERE date > DATE '1997-09-30')
"""


def figures(folder: Path) -> tuple[Figure, ...]:
    """Give the parameters beside the published ones, then the held-out weeks."""
    summary = pq.read_table(folder / FILES[0])
    frequency, recency, age = (summary[name].to_numpy().astype(np.float64) for name in ("frequency", "recency", "T"))
    types = Types(frequency, recency, age, np.ones(summary.num_rows))
    fitted = bgnbd.fit(types)
    with duckdb.connect() as con:
        file = {"file": str(folder / FILES[1])}
        again = con.execute(REPEAT_VALUES, file).fetchnumpy()
        row = con.execute(HELD_OUT, file).fetchone()
    n_days = float(row[0]) if row else 0.0
    worth = gamma_gamma.fit(np.asarray(again["n"]), np.asarray(again["value"]))
    told = float(bgnbd.expected_purchases(fitted.parameters, types, HELD_OUT_WEEKS).sum())
    seen = float(types.frequency.sum())
    return (
        *within({f"BG/NBD {name}": (getattr(fitted, name), value) for name, value in BG_NBD.items()}, SHARE),
        near("BG/NBD log-likelihood", fitted.log_likelihood, LOG_LIKELIHOOD, 0.05),
        near("repeat buyers", float(len(again["n"])), N_REPEAT_BUYERS, 0),
        *within({f"Gamma-Gamma {name}": (getattr(worth, name), value) for name, value in GAMMA_GAMMA.items()}, SHARE),
        near("held out: repeat days of 39 weeks", n_days, N_HELD_OUT_DAYS, 0),
        Figure(name="held out: forecast of them", found=told, note=f"{told / n_days - 1:+.1%} off what came"),
        Figure(
            name="78 weeks: forecast and what was fitted on",
            found=seen + told,
            note=f"{(seen + told) / (seen + n_days) - 1:+.1%} off what came",
        ),
    )
