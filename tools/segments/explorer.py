"""The category explorer: interested in a category, has not bought in it (S2-13)."""

from memory.domain.facts import EventKind
from memory.domain.segment import AllOf, Bought, Did, Segment

INTERACTIONS: tuple[EventKind, ...] = ("view", "cart", "checkout", "mail_click")
MIN_INTERACTIONS = 5


def category_explorer(
    category: str, *, at_least: int = MIN_INTERACTIONS, within_days: int | None = None, segment_id: str = "explorer"
) -> Segment:
    """Give the segment of people with `at_least` interactions in a category and no purchase in it ever.

    Interactions are views, carts, checkouts and clicks by people. Whoever buys in the category leaves it.
    """
    looked = Did(events=INTERACTIONS, category=category, within_days=within_days, at_least=at_least)
    return Segment(
        id=segment_id,
        title={"en": f"{category} explorers", "zh": f"{category}品类探索者"},
        rule=AllOf(of=(looked, Bought(category=category, at_most=0))),
    )
