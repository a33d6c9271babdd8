"""The stocked shop of the edges' tests, for reports that read a whole installation."""

from tests.api.conftest import stocked, stocked_home

__all__ = ["stocked", "stocked_home"]
