"""Segments: list, define, size."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Query

from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import segments
from memory.domain.base import Frozen
from memory.domain.segment import Segment, SegmentRule
from tools.segments import SegmentSize

router = APIRouter(prefix="/api/segments", tags=["segment"], responses=GUARDED)
Reading = Annotated[Acting, Depends(needs("read"))]
Language = Annotated[segments.WordLanguage, Query(description="Language of the words.")]


class RuleToSize(Frozen):
    """A rule to count and to put in words."""

    rule: SegmentRule
    """The rule as a tree."""


class SizedRule(Frozen):
    """A rule in words with its size."""

    words: str
    """Who belongs to it."""
    size: SegmentSize
    """How many."""


@router.get("")
def list_segments(acting: Reading, language: Language = "en") -> list[segments.ListedSegment]:
    """List the segments that come with the product and the shop's own, with their rules in words."""
    return list(segments.list_segments(acting, language))


@router.put("")
def define_segment(acting: Annotated[Acting, Depends(needs("plan"))], segment: Annotated[Segment, Body()]) -> Segment:
    """Keep a segment, in place of one of the same id."""
    return segments.define_segment(acting, segment.model_dump(mode="json"))


@router.post("/size")
def size_rule(acting: Reading, body: RuleToSize, language: Language = "en") -> SizedRule:
    """Count who belongs to a rule in the newest facts; examples are pseudonyms."""
    words = segments.describe_rule(acting, body.rule, language)
    return SizedRule(words=words, size=segments.size_rule(acting, body.rule))
