from datetime import date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from eval.gym.responses import Responses
from eval.gym.retail import ANCHOR, ASSUMPTIONS, retail_world
from memory.domain.errors import InvalidInput
from tools.ingest import load_assumptions

pytestmark = pytest.mark.slow

TABLE = Path(__file__).parents[4] / "shared" / "data" / "online_retail_ii_to_2011_06.parquet"


def table(path: Path) -> Path:
    """A table of 200 customers and 150 articles that sell before and after the anchor."""
    rng = np.random.default_rng(5)
    n = 4000
    day = rng.integers(0, 500, n)
    at = np.datetime64("2009-12-01T09:00:00", "us") + day.astype("timedelta64[D]")
    rows = pa.table(
        {
            "invoice": pa.array(489_000 + day * 200 + rng.integers(0, 40, n)).cast(pa.string()),
            "stock_code": pa.array(20_000 + rng.integers(0, 150, n)).cast(pa.string()),
            "description": pa.array(["CANDLE"] * n),
            "quantity": pa.array(rng.integers(1, 24, n).astype(np.int32)),
            "invoice_date": pa.array(at),
            "unit_price": pa.array(np.round(rng.uniform(0.4, 9.0, n), 2)),
            "customer_id": pa.array((12_346 + rng.integers(0, 200, n)).astype(np.int32)),
            "country": pa.array(["United Kingdom"] * n),
        }
    )
    pq.write_table(rows, path)
    return path


def test_nothing_after_the_anchor_is_imported(tmp_path: Path) -> None:
    world = retail_world(tmp_path / "files", table(tmp_path / "t.parquet"), seed=7)
    cut = pq.read_table(dict(world.files)["online-retail"])
    assert max(cut["invoice_date"].to_pylist()) < datetime(2010, 12, 25)  # noqa: DTZ001  naive in the table
    assert pq.read_table(tmp_path / "t.parquet").num_rows > cut.num_rows > 1000
    assert world.anchor_on == ANCHOR == date(2010, 12, 25)


def test_simulated_orders_are_written_like_the_table_and_come_after_the_anchor(tmp_path: Path) -> None:
    world = retail_world(tmp_path / "files", table(tmp_path / "t.parquet"), seed=7)
    responses = Responses(world.start)
    days = [responses.step() for _ in range(40)]
    files = dict(world.write(tmp_path / "days", days))
    lines = pq.read_table(files["online-retail"])
    original = pq.read_table(tmp_path / "t.parquet").schema
    assert lines.schema.names == original.names
    assert [lines.schema.field(name).type for name in original.names] == original.types
    assert min(lines["invoice_date"].to_pylist()) >= datetime(2010, 12, 25)  # noqa: DTZ001  naive in the table
    assert set(lines["customer_id"].to_pylist()) <= set(range(12_346, 12_546))
    assert min(int(invoice) for invoice in lines["invoice"].to_pylist()) >= 900_000
    assert len(set(lines["invoice"].to_pylist())) == sum(day.orders.n for day in days)


def test_another_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"a": [1]}), path)
    with pytest.raises(InvalidInput, match="not the Online Retail II table"):
        retail_world(tmp_path / "files", path, seed=7)


def test_the_assumptions_are_labelled_and_readable() -> None:
    assumed = load_assumptions(ASSUMPTIONS)
    assert "assumed" in assumed.label
    assert assumed.invalid_addresses


@pytest.mark.slow
@pytest.mark.shared_data
def test_the_real_table_gives_the_known_people(tmp_path: Path) -> None:
    if not TABLE.is_file():
        pytest.skip("the real table is not in ../shared/data")
    world = retail_world(tmp_path, TABLE, seed=7)
    assert 4000 < world.start.people.n < 5106
    assert len(world.start.goods.sku) == 120
    assert world.start.people.known_by == "customer_id"
