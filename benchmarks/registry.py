"""All benchmarks; a new one adds its line here. Each takes `short` and gives its figures."""

from collections.abc import Callable

from . import cli_start, import_orders, profiles
from .measure import Figure

Benchmark = tuple[str, Callable[[bool], list[Figure]]]

BENCHMARKS: dict[str, Benchmark] = {
    "profiles": ("profiles of 1,000,000 customers from 10,000,000 orders, beside DuckDB SQL by hand", profiles.run),
    "import_orders": ("import of Online Retail II, beside a bare DuckDB read and write", import_orders.run),
    "cli_start": ("`secondorder --help`, beside importing typer alone", cli_start.run),
}
