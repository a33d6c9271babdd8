"""Facts: append-only versioned Parquet tables, read through Ibis."""
