"""The four cohorts of a peak."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import cohorts

router = APIRouter(prefix="/api/cohorts", tags=["cohort"], responses=GUARDED)
Day = Annotated[date | None, Query(description="A day in the shop's zone; the last BFCM where both are left out.")]


@router.get("")
def show_cohorts(
    acting: Annotated[Acting, Depends(needs("read"))], peak_from: Day = None, peak_until: Day = None
) -> cohorts.CohortTable:
    """Put every buyer of a peak into exactly one of four cohorts and count."""
    return cohorts.show_cohorts(acting, peak_from, peak_until)
