"""What effects are learned from: what is known of a person before the decision, columnar, in one place.

The same expressions read the log's candidates and a tick's, so that a table means the same where it is used. Rows need
the columns of `CANDIDATES_SCHEMA` and `n_orders`, the person's purchases before the decision.
"""

from collections.abc import Callable, Iterable

import ibis
import ibis.expr.types as ir

from memory.domain.cohort import COHORTS

MARKET = "market:"
"""Before a market's name, in features of single markets."""
MOST_MARKETS = 5
"""Single markets that get a feature, the largest first."""
NEVER_DAYS = 3650.0
"""Days since the last order of somebody who has none."""
DAY_SECONDS = 86_400


def feature_names(markets: Iterable[str]) -> tuple[str, ...]:
    """Give the features' names, for a shop's largest markets."""
    return (
        *(f"cohort:{cohort}" for cohort in COHORTS),
        *(f"{MARKET}{market}" for market in sorted(markets)[:MOST_MARKETS]),
        "orders", "away", "heard", "recent", "risky",
    )  # fmt: skip


def is_market(name: str) -> bool:
    """Say whether a feature is of a single market."""
    return name.startswith(MARKET)


def feature(table: ir.Table, name: str) -> ir.FloatingValue:
    """Give one feature as a float without nulls; raise `KeyError` for an unknown one."""
    group, _, value = name.partition(":")
    if group == "cohort":
        return _flag(table.cohort == value)
    if group == "market":
        return _flag(table.market == value)
    return _NUMBERS[name](table)


def load(table: ir.Table) -> ir.IntegerValue:
    """Give how many messages the plan sent the person before."""
    return ibis.coalesce(table.n_promotional, 0) + ibis.coalesce(table.n_value, 0)


def is_at_risk(table: ir.Table) -> ir.BooleanValue:
    """Say whether a band of risk, or the person's own wish, lowers their caps."""
    return ibis.coalesce(table.cap_rate, 1.0) < 1.0


def _flag(condition: ir.BooleanValue) -> ir.FloatingValue:
    return ibis.coalesce(condition, False).cast("float64")


def _away(table: ir.Table) -> ir.FloatingValue:
    """Log days since the last order."""
    seconds = table.send_at.epoch_seconds() - table.last_order_at.epoch_seconds()
    return (1.0 + ibis.greatest(ibis.coalesce(seconds / DAY_SECONDS, NEVER_DAYS), 0.0)).ln()


_NUMBERS: dict[str, Callable[[ir.Table], ir.FloatingValue]] = {
    "orders": lambda table: (1.0 + ibis.coalesce(table.n_orders, 0)).ln(),
    "away": _away,
    "heard": lambda table: load(table).cast("float64"),
    "recent": lambda table: ibis.coalesce(table.n_sent_window, 0).cast("float64"),
    "risky": lambda table: _flag(is_at_risk(table)),
}
"""Log orders before, log days since the last one, messages of the plan before, of the cap's window, and risk."""
