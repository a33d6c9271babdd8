"""A local Spark of two threads; `make spark` installs it."""

from collections.abc import Iterator
from typing import Any

import pytest

from memory.lake.backends import SparkBackend


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """One Spark session for all tests."""
    sql = pytest.importorskip("pyspark.sql", reason="PySpark is not installed; run `make spark`")
    session = (
        sql.SparkSession.builder.master("local[2]")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate()
    )
    yield session
    session.stop()


@pytest.fixture
def spark_backend(spark: Any) -> SparkBackend:
    """A backend on that session."""
    return SparkBackend(spark)
