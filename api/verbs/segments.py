"""Segments: list, define, describe, size."""

from typing import TYPE_CHECKING, Any, Literal

from memory.domain.base import Frozen
from memory.domain.errors import NotFound
from memory.domain.segment import Segment, SegmentRule

from .acting import Acting

if TYPE_CHECKING:
    from tools.segments import NotRead, RuleCounts, SegmentSize

WordLanguage = Literal["en", "zh"]


class ListedSegment(Frozen):
    """A segment with its rule in words."""

    segment: Segment
    """The segment."""
    words: str
    """Its rule in words."""
    origin: Literal["library", "shop"]
    """Whether it came with the product or the shop defined it."""


def list_segments(acting: Acting, language: WordLanguage = "en") -> tuple[ListedSegment, ...]:
    """List the segments of the library and the shop's own, which win over the library's of the same id."""
    from tools.segments import builtin_segments, describe

    acting.require("read")
    with acting.app.store.read() as uow:
        own = uow.segments.all(acting.shop_id)
        currency = uow.shops.get(acting.shop_id).currency
    taken = {segment.id for segment in own}
    library = [segment for segment in builtin_segments() if segment.id not in taken]
    found: list[tuple[Segment, Literal["library", "shop"]]] = [(segment, "shop") for segment in own]
    found += [(segment, "library") for segment in library]
    return tuple(
        ListedSegment(segment=segment, words=describe(segment.rule, language, currency=currency), origin=origin)
        for segment, origin in sorted(found, key=lambda pair: pair[0].id)
    )


def get_segment(acting: Acting, segment_id: str) -> Segment:
    """Give the shop's segment or the library's; raises `NotFound`."""
    from tools.segments import builtin_segment

    acting.require("read")
    with acting.app.store.read() as uow:
        try:
            return uow.segments.get(acting.shop_id, segment_id)
        except NotFound:
            return builtin_segment(segment_id)


def define_segment(acting: Acting, source: str | dict[str, Any]) -> Segment:
    """Read a segment from YAML, JSON or a mapping and keep it; raises `InvalidInput` that names the path."""
    from tools.segments import load_segment

    acting.require("plan")
    segment = load_segment(source)
    with acting.write("segment.define", f"segment:{segment.id}") as uow:
        uow.segments.put(acting.shop_id, segment, acting.principal.id, acting.app.clock.now())
    return segment


def size_rule(acting: Acting, rule: SegmentRule, n_examples: int = 5) -> "SegmentSize":
    """Count who belongs to a rule in the newest facts."""
    from tools.segments import check_rule, size

    acting.require("read")
    check_rule(rule)
    shop = acting.shop()
    with acting.facts() as view:
        return size(rule, view, shop, acting.as_of(view), n_examples=n_examples)


def describe_rule(acting: Acting, rule: SegmentRule, language: WordLanguage = "en") -> str:
    """Say a rule in words."""
    from tools.segments import check_rule, describe

    acting.require("read")
    check_rule(rule)
    return describe(rule, language, currency=acting.shop().currency)


def sizes(acting: Acting) -> "RuleCounts":
    """Count who belongs to each segment of the library and the shop in the newest facts, in one pass."""
    from tools.segments import count_many

    rules = {one.segment.id: one.segment.rule for one in list_segments(acting)}
    shop = acting.shop()
    with acting.facts() as view:
        return count_many(rules, view, shop, acting.as_of(view))


def categories(acting: Acting) -> tuple[str, ...]:
    """Give the shop's categories by name."""
    acting.require("read")
    with acting.facts() as view:
        products = view.table("products")
        found = products.filter(products.category.notnull()).select("category").distinct().to_pyarrow()
    return tuple(sorted(found["category"].to_pylist()))


def rule_from_words(acting: Acting, text: str, language: WordLanguage = "en") -> "SegmentRule | NotRead":
    """Read a rule from a phrase in English or Chinese; a phrase that is not read names the part and gives examples."""
    from tools.segments import read_words

    return read_words(text, acting.shop().currency, categories(acting), language)
