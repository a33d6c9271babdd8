"""All benchmarks; a new one adds its line here. Each takes `short` and gives its figures."""

from collections.abc import Callable

from . import (
    allocation,
    cli_start,
    clv,
    compiling,
    daily_profiles,
    dispatch,
    goods,
    import_orders,
    lift,
    load,
    profiles,
    read_tools,
    slow_provider,
    stopping,
    thanks,
    tick,
    trees,
    unsubscribe_flood,
    workspace,
)
from .measure import Figure

Benchmark = tuple[str, Callable[[bool], list[Figure]]]

BENCHMARKS: dict[str, Benchmark] = {
    "allocation": ("the best plan for up to 1,000,000 x 12 with a certificate, beside PDLP and HiGHS", allocation.run),
    "profiles": ("profiles of 1,000,000 customers from 10,000,000 orders, beside DuckDB SQL by hand", profiles.run),
    "daily_profiles": (
        "profiles brought up by a day, beside building them anew; BENCH_EVENTS for other sizes",
        daily_profiles.run,
    ),
    "lift": ("lift of a plan for 1,000,000 people over 90 days, beside a bare grouped scan", lift.run),
    "clv": ("BG/NBD fit of 1,000,000 buyers, beside that of 2,357", clv.run),
    "import_orders": ("import of Online Retail II, beside a bare DuckDB read and write", import_orders.run),
    "dispatch": ("messages handed off to the mailbox folder, beside writing the same files", dispatch.run),
    "compiling": ("ticks with the SQL of expressions remembered, beside compiling each", compiling.run),
    "tick": ("a whole tick for 1,000,000 people, by stage", tick.run),
    "trees": (
        "a million candidates scored by kept trees, beside scikit-learn and ridge; BENCH_CANDIDATES, BENCH_ROWS",
        trees.run,
    ),
    "read_tools": ("the planner's read tools and re-plans at 1,000,000 people, beside bare SQL", read_tools.run),
    "load": ("100,000 messages over HTTP to a server on loopback, beside a bare loop of posts", load.run),
    "slow_provider": ("mails beside a provider that drips, beside the same mails alone", slow_provider.run),
    "stopping": ("kill switch to the last hand-off, unsubscribe to its effect", stopping.run),
    "thanks": ("the block of a thank-you page at 1,000,000 orders with one, beside a bare FastAPI route", thanks.run),
    "unsubscribe_flood": (
        "a click to its effect in a flood of posts, beside the same click alone",
        unsubscribe_flood.run,
    ),
    "workspace": ("every page of the workspace in a browser at 1,000,000 people, beside a bare page", workspace.run),
    "goods": (
        "goods recommended and run-outs told on held-out months of real shops, beside bestsellers and implicit",
        goods.run,
    ),
    "cli_start": ("`secondorder --help`, beside importing typer alone", cli_start.run),
}
