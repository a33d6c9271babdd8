"""The panels of the look-back page: a title, a sentence, a picture."""

from dataclasses import dataclass

from memory.domain.money import Money
from memory.domain.outcome import NotEstimable
from tools.metrics import CostPer
from tools.pictures import amount_rows, interval_rows, share_columns, share_curve

from .facts import MIN_GROUP, Breeds, LookBack, SecondOrderWindow
from .words import PageLanguage, word

MAX_ROWS = 8


@dataclass(frozen=True)
class Part:
    """One panel; `picture` is SVG or empty."""

    title: str
    text: str
    picture: str = ""


def window_part(look: LookBack, language: PageLanguage) -> Part:
    """Show how second orders came day by day."""
    title, window = word("window", language), look.window
    if not isinstance(window, SecondOrderWindow):
        return Part(title, word("too_soon", language))
    if window.day_80 is None or window.day_half is None:
        return Part(title, word("nobody_back", language))
    picture = share_curve(
        [(day, n / look.n_new) for day, n in enumerate(window.cumulative)],
        label=title,
        x_title=word("window_x", language),
        y_title=word("window_y", language),
        marks=[(window.day_80, word("window_mark", language, day=window.day_80))],
    )
    words = {"days": window.days, "half": window.day_half, "day": window.day_80}
    return Part(title, word("window_text", language, **words), picture)


def curve_part(look: LookBack, language: PageLanguage) -> Part:
    """Show how many reached each order."""
    rows = [
        (
            word("order", language, n=step.order_number),
            step.of_first.estimate,
            word("people", language, n=f"{step.n_people:,}"),
        )
        for step in look.curve
    ]
    lost = [before.n_people - after.n_people for before, after in zip(look.curve, look.curve[1:], strict=False)]
    text = "curve_text" if lost and lost[0] == max(lost) else "curve_text_plain"
    title = word("curve", language)
    return Part(title, word(text, language), share_columns(rows, label=title))


def money_part(look: LookBack, language: PageLanguage) -> Part:
    """Say what new buyers brought, and what one percentage point more returners would have."""
    title = word("money", language)
    first, later = money(look, look.revenue_first_minor), money(look, look.revenue_later_minor)
    if look.point_worth_minor is None:
        return Part(title, word("money_text_none", language, first=first))
    point = money(look, look.point_worth_minor)
    rows = [
        (first_day(language), float(max(look.revenue_first_minor, 0)), first),
        (later_days(language), float(max(look.revenue_later_minor, 0)), later),
    ]
    text = word("money_text", language, first=first, later=later, point=point)
    return Part(title, text, amount_rows(rows, label=title))


def costs_part(look: LookBack, language: PageLanguage) -> Part:
    """Show what a first and a second order cost, or why that is unknown."""
    title, first, second = word("costs", language), look.costs.first_order, look.costs.second_order
    if not (isinstance(first, CostPer) and isinstance(second, CostPer)):
        missing = [one for one in (first, second) if isinstance(one, NotEstimable)]
        is_ledger = any(one.code == "missing_data" for one in missing)
        return Part(title, word("costs_none" if is_ledger else "costs_no_results", language))
    rows = [
        (word(name, language), float(max(cost.cost_minor, 0)), money(look, cost.cost_minor))
        for name, cost in (("costs_first", first), ("costs_second", second))
    ]
    ratio = f"{look.costs.ratio:.2f}" if look.costs.ratio is not None else "–"
    text = word("costs_text", language, from_on=look.peak.from_on, until_on=look.costs_until, ratio=ratio)
    return Part(title, text, amount_rows(rows, label=title))


def breeds_part(kind: str, breeds: Breeds, look: LookBack, language: PageLanguage) -> Part:
    """Show which `kind` (products, categories, markets) bred repeat buyers."""
    title = word(kind, language)
    if look.breed_days is None or look.breed_rate is None:
        return Part(title, word("too_soon", language))
    if not breeds.shown:
        return Part(title, word("breeds_none", language, least=MIN_GROUP))
    rows = [(one.name, one.rate, f"{one.rate.estimate:.0%} · n={one.n_people:,}") for one in breeds.shown[:MAX_ROWS]]
    reference = word("everyone", language, share=f"{look.breed_rate:.0%}")
    picture = interval_rows(rows, label=title, reference=look.breed_rate, reference_word=reference)
    text = word("breeds_text", language, days=look.breed_days, hidden=f"{breeds.n_hidden:,}", least=MIN_GROUP)
    if len(breeds.shown) > MAX_ROWS:
        text += ("" if language == "zh" else " ") + word("breeds_rest", language, n=MAX_ROWS, of=len(breeds.shown))
    return Part(title, text, picture)


def first_day(language: PageLanguage) -> str:
    """Name the bar of the first day's revenue."""
    return "first day" if language == "en" else "首日"


def later_days(language: PageLanguage) -> str:
    """Name the bar of later revenue."""
    return "later" if language == "en" else "之后"


def money(look: LookBack, minor: int) -> str:
    """Give a sum in the shop's currency, without cents where they would only distract."""
    shown = Money(amount_minor=minor, currency=look.currency)
    return f"{shown.major():,.0f} {look.currency}" if abs(shown.major()) >= 1000 else str(shown)
