"""Parquet files from outside: checked by their footer before a row is unpacked."""

from collections.abc import Iterable
from pathlib import Path

from .source import Source


def check_parquet(source: Source, columns: Iterable[str]) -> None:
    """Refuse a file that is no Parquet, misses columns, or would unpack to more than the limits allow."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    source.check()
    try:
        with pq.ParquetFile(source.path, memory_map=True) as file:
            metadata, names = file.metadata, set(file.schema_arrow.names)
            unpacked = sum(metadata.row_group(place).total_byte_size for place in range(metadata.num_row_groups))
    except (pa.ArrowException, OSError) as error:
        source.refuse(f"it is no readable Parquet file ({type(error).__name__})", "Check that the download is whole")
    if missing := sorted(set(columns) - names):
        source.refuse(f"columns are missing: {', '.join(missing)}", "Check that it is the right table")
    if metadata.num_rows > source.limits.max_rows:
        source.refuse(f"it has more than {source.limits.max_rows} rows", "Split the file")
    if unpacked > max(source.n_bytes, 1) * source.limits.max_ratio:
        source.refuse("it would unpack to far more than its size", "Write it again with a usual compression")


def quoted(path: Path) -> str:
    """Give a path as a SQL text."""
    return "'" + str(path).replace("'", "''") + "'"
