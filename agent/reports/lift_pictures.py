"""The lift report's pictures: repeat curves of both arms, the lift over time, cost beside margin."""

from memory.domain.money import exponent

from .lift_model import PlanLift
from .lift_more_text import MORE
from .lift_text import WORDS, ReportLanguage

CAPTIONS = {"repeat-curves": "curves", "lift-over-time": "lift_curve", "margin-and-cost": "money_curve"}
"""Picture to the words under it."""


def lift_pictures(report: PlanLift, language: ReportLanguage = "en") -> dict[str, str]:
    """Give SVG per name: `repeat-curves`, `lift-over-time`, `margin-and-cost`; none where no day is over.

    The last is left out where costs of goods are unknown, the middle one before the first readable day.
    """
    from tools.pictures.bands import Band, bands

    words, more, days = WORDS[language], MORE[language], report.days
    if not days:
        return {}
    arms = [
        Band(words["treated_arm"], [(d.day, d.treated_rate, d.treated_low, d.treated_high) for d in days]),
        Band(words["control_arm"], [(d.day, d.control_rate, d.control_low, d.control_high) for d in days]),
    ]
    found = {
        "repeat-curves": bands(
            arms, label=more["curves"], x_title=more["day_axis"], y_title=more["rate_axis"], number=".0%"
        )
    }
    read = [d for d in days if d.lift_low_pp is not None]
    if read:
        line = Band(words["difference"], [(d.day, d.lift_pp, d.lift_low_pp, d.lift_high_pp) for d in read])
        found["lift-over-time"] = bands(
            [line],
            label=more["lift_curve"],
            x_title=more["day_axis"],
            y_title=more["pp_axis"],
            number="+.1f",
            zero=True,
        )
    unit = 10 ** exponent(report.currency)
    margin = [(d.day, d.margin_minor / unit, None, None) for d in days if d.margin_minor is not None]
    if margin:
        money = [
            Band(more["margin_line"], margin),
            Band(more["cost_line"], [(d.day, d.cost_minor / unit, None, None) for d in days]),
        ]
        found["margin-and-cost"] = bands(
            money,
            label=more["money_curve"],
            x_title=more["day_axis"],
            y_title=report.currency,
            number=",.0f",
            zero=True,
        )
    return found
