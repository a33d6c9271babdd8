"""The four cohorts of a peak, with sizes and reach."""

from datetime import date

from memory.domain.base import Frozen, Instant
from memory.domain.cohort import Cohort

from .acting import Acting


class CohortTable(Frozen):
    """The cohorts of one peak as of one instant."""

    peak_from: date
    """First day of the peak."""
    peak_until: date
    """Last day of the peak."""
    as_of: Instant
    """The instant the facts were read at."""
    cohorts: tuple[Cohort, ...]
    """In order of precedence."""


def show_cohorts(acting: Acting, peak_from: date | None = None, peak_until: date | None = None) -> CohortTable:
    """Put every buyer of the peak (the last BFCM where none is named) into one cohort and count."""
    from tools.cohorts import Peak, cohort_facts, last_peak

    acting.require("read")
    shop = acting.shop()
    with acting.facts() as view:
        as_of = acting.as_of(view)
        named = peak_from is not None and peak_until is not None
        peak = Peak(from_on=peak_from, until_on=peak_until) if named else last_peak(view, shop, as_of)
        cohorts = cohort_facts(view, shop, peak.from_on, peak.until_on, as_of)
    return CohortTable(peak_from=peak.from_on, peak_until=peak.until_on, as_of=as_of, cohorts=cohorts)
