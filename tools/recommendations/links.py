"""Edges of the catalogue: what an article is upgraded to, and what is sold to owners of another one only."""

import ibis.expr.types as ir

from memory.lake.view import LakeView


def upgrades(view: LakeView) -> ir.Table:
    """Give (from_sku, to_sku, min_days): the next model of each article, and after how many days it is offered."""
    edges = _edges(view, "upgrade")
    return edges.group_by(from_sku=edges.sku, to_sku=edges.to_sku).agg(min_days=edges.min_days.max())


def for_owners(view: LakeView) -> ir.Table:
    """Give (component, owners_sku): refills and bundles with each article that entitles to them."""
    edges = _edges(view, "owners")
    return edges.select(component=edges.sku, owners_sku=edges.to_sku).distinct()


def owners_only(view: LakeView) -> ir.Table:
    """Give (sku) of what only owners of a component may buy."""
    found = for_owners(view)
    return found.select(sku=found.owners_sku).distinct()


def _edges(view: LakeView, kind: str) -> ir.Table:
    links = view.table("goods_links")
    return links.filter(links.kind == kind, links.is_active)
