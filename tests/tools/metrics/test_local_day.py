from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.metrics.local_day import day_number, local_day

pytestmark = pytest.mark.slow

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "America/Sao_Paulo", "UTC")
SECONDS = st.integers(min_value=820_454_400, max_value=2_206_310_400)  # 1996-01-01 to 2039-12-01
INSTANTS = SECONDS.map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@pytest.mark.parametrize("zone", ZONES)
@settings(max_examples=10)
@given(instants=st.lists(INSTANTS, min_size=1, max_size=40))
def test_the_local_day_is_that_of_the_zone(zone: str, instants: list[datetime]) -> None:
    instants = [*instants, datetime(2025, 10, 26, 0, 30, tzinfo=UTC), datetime(2025, 3, 29, 23, 30, tzinfo=UTC)]
    backend = ibis.duckdb.connect()
    backend.con.register("t", pa.table({"at": pa.array(instants, pa.timestamp("us", "UTC"))}))
    table = backend.table("t")
    found = table.select(day=local_day(table["at"], zone)).to_pyarrow()["day"].to_pylist()
    backend.disconnect()
    assert found == [day_number(at.astimezone(ZoneInfo(zone)).date()) for at in instants]
