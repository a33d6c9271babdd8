"""Column types of numbers that grow: 64 bits on every database."""

from sqlalchemy import BigInteger, Integer

BIG = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite's INTEGER holds 64 bits and, unlike its BIGINT, may count up by itself."""
