"""Reports: look back, lift, rewards earned, budget; figures as JSON, pages as HTML."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse, Response

from agent.reports import PlanBrief, PlanEarned, PlanFlow, PlanLift
from agent.reports.by_channel import ByChannel
from agent.reports.close import MonthlyClose
from agent.reports.first_touch import FirstTouchReport
from agent.reports.lift_files import FORMATS, LiftFormat
from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import exclusions, hindsight, plans, reports
from api.verbs.exclusions import Which
from eval.hindsight import HindsightReport
from memory.domain.errors import NotReady
from memory.domain.review import PlanReview
from tools.budget.audit import BudgetAudit
from tools.exclusions import ListFormat
from tools.lookback import LookBack
from tools.metrics import Advocacy, CostTrend
from tools.predictions import Predictions

router = APIRouter(prefix="/api/reports", tags=["report"], responses=GUARDED)
Reading = Annotated[Acting, Depends(needs("read"))]
Seeing = Annotated[Acting, Depends(needs("contact"))]
Evaluating = Annotated[Acting, Depends(needs("evaluate"))]
Month = Annotated[str, Query(pattern=r"^\d{4}-\d{2}$", description="A month of the shop's zone: 2026-11.")]
Policies = Annotated[list[str] | None, Query(max_length=10, description="Ways to decide by name; all where none is.")]
Language = Annotated[plans.SpokenLanguage, Query(description="Language of the page.")]
PlanId = Annotated[str, Query(pattern=r"^[0-9a-f]{8,64}$", description="The live plan.")]
Day = Annotated[date | None, Query(description="A day in the shop's zone; the last BFCM where both are left out.")]
ShopDay = Annotated[date | None, Query(description="A day in the shop's zone; the last 30 where both are left out.")]
Horizon = Annotated[int, Query(ge=30, le=1095, description="Days of predicted CLV.")]
Periods = Annotated[int, Query(ge=3, le=24, description="Whole months before today.")]
Days = Annotated[int, Query(ge=30, le=1095, description="The last days that are counted.")]
Window = Annotated[int, Query(ge=14, le=365, description="Days within which a further order counts.")]
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"
PAGE = {"Content-Security-Policy": POLICY}
PictureName = Literal["repeat-curves", "lift-over-time", "margin-and-cost"]
SVG: dict[int | str, dict[str, Any]] = {
    200: {"description": "The picture.", "content": {"image/svg+xml": {"schema": {"type": "string"}}}}
}
CSV: dict[int | str, dict[str, Any]] = {
    200: {"description": "The list.", "content": {"text/csv": {"schema": {"type": "string"}}}}
}
FILES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file.", "content": {media_type: {} for media_type in FORMATS.values()}}
}
HTML: dict[int | str, dict[str, Any]] = {200: {"description": "The page.", "content": {"text/html": {}}}}


@router.get("/look-back")
def look_back(acting: Reading, peak_from: Day = None, peak_until: Day = None) -> LookBack:
    """Say what a peak cost: who came, who never returned, when the window closed, what bred repeat buyers."""
    return reports.look_back(acting, peak_from, peak_until)


@router.get("/look-back/page", response_model=None, responses=HTML)
def look_back_page(
    acting: Reading, language: Language = "en", peak_from: Day = None, peak_until: Day = None
) -> HTMLResponse:
    """Give the look back as one page with its pictures inside."""
    found = reports.look_back(acting, peak_from, peak_until)
    return HTMLResponse(reports.look_back_page(found, language), headers=PAGE)


@router.get("/lift")
def lift(acting: Reading, plan_id: PlanId) -> PlanLift:
    """Compare treated people with the control group, with intervals."""
    return reports.lift(acting, plan_id)


@router.get("/messages")
def messages(acting: Reading, plan_id: PlanId) -> PlanFlow:
    """Say how each message was received: opens and clicks by people and by software, and orders after a click."""
    return reports.flow(acting, plan_id)


@router.get("/lift/page", response_model=None, responses=HTML)
def lift_page(acting: Reading, plan_id: PlanId, language: Language = "en") -> HTMLResponse:
    """Give the lift report as one page."""
    return HTMLResponse(reports.lift_page(reports.lift(acting, plan_id), language), headers=PAGE)


@router.get("/lift/download", response_model=None, responses=FILES)
def lift_download(
    acting: Reading,
    plan_id: PlanId,
    format: Annotated[LiftFormat, Query(description="pdf to send, csv to work on, png to show.")] = "pdf",
    language: Language = "en",
) -> Response:
    """Give the lift report as a file: pages with tables and pictures, every figure as a row, or the pictures."""
    found = reports.download(acting, plan_id, format, language)
    headers = {"Content-Disposition": f"attachment; filename={found.name}"}
    return Response(found.content, media_type=found.media_type, headers=headers)


@router.get("/lift/pictures/{name}", response_model=None, responses=SVG)
def lift_picture(acting: Reading, name: PictureName, plan_id: PlanId, language: Language = "en") -> Response:
    """Give one picture of the lift report as SVG; refused where there is nothing to draw yet."""
    found = reports.lift_pictures(reports.lift(acting, plan_id), language)
    if name not in found:
        raise NotReady(
            what=f"picture {name}", why="there is nothing to draw yet", remedy="Read the report after the first days"
        )
    return Response(found[name], media_type="image/svg+xml", headers=PAGE)


@router.get("/review")
def review(acting: Reading, plan_id: PlanId) -> PlanReview:
    """Review a live plan, as on day 14: harm by cohort, reach and spend, and whether to go on."""
    return reports.review(acting, plan_id)


@router.get("/review/page", response_model=None, responses=HTML)
def review_page(acting: Reading, plan_id: PlanId, language: Language = "en") -> HTMLResponse:
    """Give the review as one page: the proposal with its rule first."""
    return HTMLResponse(reports.review_page(reports.review(acting, plan_id), language), headers=PAGE)


@router.get("/brief")
def brief(acting: Reading, plan_id: PlanId, language: Language = "en") -> PlanBrief:
    """Give the brief as data: gained, spent, return, how certain, what next, each as a sentence."""
    return reports.brief(acting, plan_id, language)


@router.get("/brief/page", response_model=None, responses=HTML)
def brief_page(acting: Reading, plan_id: PlanId, language: Language = "en") -> HTMLResponse:
    """Give the one-page brief: gained, spent, return, how certain, what next."""
    return HTMLResponse(reports.brief_page(reports.lift(acting, plan_id), language), headers=PAGE)


@router.get("/hindsight")
def other_policies(acting: Evaluating, plan_id: PlanId, policy: Policies = None) -> HindsightReport:
    """Say what other ways to decide would have brought on a plan's log, with intervals, or why nothing can be said."""
    return hindsight.ask(acting, plan_id, policy or [])


@router.get("/exclusions", response_model=None, responses=CSV)
def exclusion_list(acting: Seeing, format: ListFormat, which: Which = "all") -> Response:
    """Give whom another tool must leave out as a CSV: withheld people, suppressed addresses. Contact data; logged."""
    found = exclusions.exclusions(acting, format, which)
    headers = {"Content-Disposition": f"attachment; filename=exclusions-{found.format}.csv"}
    return Response(found.content, media_type="text/csv", headers=headers)


@router.get("/earned")
def earned(acting: Reading, plan_id: PlanId) -> PlanEarned:
    """Count what a live plan's missions and referrals earned people, what was taken back and what was blocked."""
    return reports.earned(acting, plan_id)


@router.get("/channels")
def channels(acting: Reading) -> ByChannel:
    """Count messages and answers per channel, and orders per place: the app beside the web."""
    return reports.channels(acting)


@router.get("/first-touch")
def first_touch(acting: Reading, from_on: ShopDay = None, until_on: ShopDay = None) -> FirstTouchReport:
    """Say of which orders of a period a first touch was decided in time, and why not of the others."""
    return reports.first_touch(acting, from_on, until_on)


@router.get("/predictions")
def predictions(acting: Reading, horizon_days: Horizon = 365, window_days: Window = 90) -> Predictions:
    """Say what today's buyers are expected to bring and how chances of a further order were learned and judged."""
    return reports.predictions(acting, horizon_days, window_days).report


@router.get("/predictions/page", response_model=None, responses=HTML)
def predictions_page(
    acting: Reading, language: Language = "en", horizon_days: Horizon = 365, window_days: Window = 90
) -> HTMLResponse:
    """Give the predictions as one page with its pictures inside."""
    found = reports.predictions(acting, horizon_days, window_days).report
    return HTMLResponse(reports.predictions_page(found, language), headers=PAGE)


@router.get("/budget")
def budget(acting: Reading) -> BudgetAudit:
    """Say where the marketing money and effort go today."""
    return reports.budget(acting)


@router.get("/costs")
def costs(acting: Reading, periods: Periods = 6) -> CostTrend:
    """Say what a first and a second order cost month by month, and the variance of both."""
    return reports.cost_trend(acting, periods)


@router.get("/costs/chart", response_model=None, responses=SVG)
def cost_chart(acting: Reading, periods: Periods = 6, language: Language = "en") -> Response:
    """Give both costs as a chart, with the variance of each in its legend."""
    found = reports.cost_chart(reports.cost_trend(acting, periods), language)
    return Response(found, media_type="image/svg+xml", headers=PAGE)


@router.get("/advocacy")
def advocacy(acting: Reading, days: Days = 365) -> Advocacy:
    """Say how often loyal and ordinary customers recommended and praised the shop, and how many times as often."""
    return reports.advocacy(acting, days)


@router.get("/close")
def close(acting: Reading, month: Month) -> MonthlyClose:
    """Close a month: what was planned, committed, sent and redeemed by market, and what is owed at its end."""
    return reports.close(acting, month)[0]


@router.get("/close/file", response_model=None, responses=CSV)
def close_file(acting: Reading, month: Month, part: reports.ClosePart = "sums") -> Response:
    """Give the close as CSV: its sums, or the orders behind what was redeemed (for who may see contacts)."""
    headers = {"Content-Disposition": f"attachment; filename=close-{month}-{part}.csv"}
    return Response(reports.close(acting, month, [part])[1][part], media_type="text/csv", headers=headers)
