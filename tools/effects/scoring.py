"""Tables of learned effects as columnar expressions: mean, standard error and source per candidate."""

from typing import NamedTuple

import ibis
import ibis.expr.types as ir

from memory.domain.learned import BoostedEffects, KindEffects

from .features import feature
from .kept import Tables


class Scored(NamedTuple):
    """Effects of candidates."""

    mean: ir.FloatingValue
    """Added orders."""
    sd: ir.FloatingValue
    """Standard error."""
    source: ir.StringValue
    """Where they come from."""


def goes_by(tables: Tables) -> bool:
    """Say whether any decision goes by a learned table, and so needs people's number of orders."""
    return tables.learned is not None and any(one.is_used for one in tables.learned.kinds)


def scored(table: ir.Table, tables: Tables, otherwise: Scored) -> Scored:
    """Give the learned effects where a table is in use, and `otherwise` elsewhere.

    `table` has the columns of `CANDIDATES_SCHEMA`, `n_orders`, and `tree_score` where some kind goes by trees.
    """
    mean, sd, source = otherwise
    for one in tables.learned.kinds if tables.learned else ():
        if not one.is_used:
            continue
        own = table.message_kind == one.kind
        away = score_of(table, one) - one.centre
        mean = ibis.ifelse(own, one.level + one.slope * away, mean)
        sd = ibis.ifelse(own, (one.level_variance + one.slope_variance * away * away).sqrt(), sd)
        source = ibis.ifelse(own, tables.label(one), source)
    return Scored(mean, sd, source)


def score_of(table: ir.Table, kind: KindEffects) -> ir.FloatingValue:
    """Give the score by the kind's terms, and by its trees where it goes by them."""
    total: ir.FloatingValue = ibis.literal(kind.constant)
    if isinstance(kind, BoostedEffects):
        total = total + ibis.coalesce(table.tree_score, 0.0)
    for term in kind.terms:
        z = (feature(table, term.feature) - term.centre) / term.spread
        total = total + term.slope * z
        if term.bend:
            total = total + term.bend * ibis.greatest(z, 0.0)
    return total
