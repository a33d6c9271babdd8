"""Segments: list, define, size."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Query
from pydantic import Field

from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import segments
from memory.domain.base import Frozen
from memory.domain.segment import Segment, SegmentRule
from tools.segments import NotRead, RuleCounts, SegmentSize

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


class Phrase(Frozen):
    """Who is meant, in words."""

    text: Annotated[str, Field(min_length=1, max_length=500, examples=["bought at least 2 times in the last 90 days"])]
    """The phrase."""


class ReadPhrase(Frozen):
    """What was understood."""

    rule: SegmentRule | None
    """The rule; null where the phrase was not read."""
    words: str
    """The rule in words, so that whoever asked can compare."""
    not_read: NotRead | None
    """What was not understood; null where all was."""


@router.get("")
def list_segments(acting: Reading, language: Language = "en") -> list[segments.ListedSegment]:
    """List the segments that come with the product and the shop's own, with their rules in words."""
    return list(segments.list_segments(acting, language))


@router.get("/sizes")
def sizes(acting: Reading) -> RuleCounts:
    """Count who belongs to each segment in the newest facts, in one pass."""
    return segments.sizes(acting)


@router.post("/read")
def read_phrase(acting: Reading, body: Phrase, language: Language = "en") -> ReadPhrase:
    """Read a rule from a phrase in English or Chinese; one that is not read names the part and gives examples."""
    found = segments.rule_from_words(acting, body.text, language)
    if isinstance(found, NotRead):
        return ReadPhrase(rule=None, words="", not_read=found)
    return ReadPhrase(rule=found, words=segments.describe_rule(acting, found, language), not_read=None)


@router.put("")
def define_segment(acting: Annotated[Acting, Depends(needs("plan"))], segment: Annotated[Segment, Body()]) -> Segment:
    """Keep a segment, in place of one of the same id."""
    return segments.define_segment(acting, segment.model_dump(mode="json"))


@router.post("/size")
def size_rule(acting: Reading, body: RuleToSize, language: Language = "en") -> SizedRule:
    """Count who belongs to a rule in the newest facts; examples are pseudonyms."""
    words = segments.describe_rule(acting, body.rule, language)
    return SizedRule(words=words, size=segments.size_rule(acting, body.rule))
