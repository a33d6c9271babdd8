"""Reports: the look back at a peak, the lift of a plan, what its offers earned people, the budget audit."""

from datetime import date
from typing import TYPE_CHECKING, Literal

from .acting import Acting
from .plans import SpokenLanguage, get

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from agent.reports import PlanBrief, PlanEarned, PlanFlow, PlanLift
    from agent.reports.by_channel import ByChannel
    from agent.reports.close import MonthlyClose
    from agent.reports.first_touch import FirstTouchReport
    from agent.reports.lift_files import LiftFile, LiftFormat
    from memory.domain.review import PlanReview
    from tools.budget.audit import BudgetAudit
    from tools.lookback import LookBack
    from tools.metrics import Advocacy, CostTrend
    from tools.predictions import Predicted, Predictions

ClosePart = Literal["sums", "orders"]
"""A part of the monthly close."""


def look_back(acting: Acting, peak_from: date | None = None, peak_until: date | None = None) -> "LookBack":
    """Say what the last peak (or the one named) cost the shop."""
    from tools.cohorts import Peak, last_peak
    from tools.lookback import look_back as look

    acting.require("read")
    shop = acting.shop()
    with acting.facts() as view:
        as_of = acting.as_of(view)
        named = peak_from is not None and peak_until is not None
        peak = Peak(from_on=peak_from, until_on=peak_until) if named else last_peak(view, shop, as_of)
        return look(view, shop, peak, as_of)


def look_back_page(found: "LookBack", language: SpokenLanguage = "en") -> str:
    """Give the look back as one HTML page with its pictures inside."""
    from tools.lookback import render_look_back

    return render_look_back(found, language)


def lift(acting: Acting, plan_id: str) -> "PlanLift":
    """Compare a live plan's treated people with its control group as of now."""
    from agent.reports import lift_report

    plan_id = get(acting, plan_id).plan.id
    app = acting.app
    return lift_report(app.store, app.lake, acting.shop_id, plan_id, app.clock.now())


def lift_lately(acting: Acting, plan_id: str) -> "PlanLift":
    """Give the same as it was read within the last minutes, while no new facts came; `as_of` says when.

    For whoever turns pages: the parts of one report are then parts of one reading.
    """
    plan_id = get(acting, plan_id).plan.id
    return acting.lately("lift", lambda who: lift(who, plan_id), plan_id)


def download(acting: Acting, plan_id: str, format: "LiftFormat", language: SpokenLanguage = "en") -> "LiftFile":
    """Give the lift report as a file: `pdf` to send, `csv` to work on, `png` to show."""
    from agent.reports.lift_files import lift_file

    return lift_file(lift_lately(acting, plan_id), format, language)


def lift_page(found: "PlanLift", language: SpokenLanguage = "en") -> str:
    """Give the lift report as one HTML page."""
    from agent.reports import render_lift_page

    return render_lift_page(found, language)


def lift_pictures(found: "PlanLift", language: SpokenLanguage = "en") -> dict[str, str]:
    """Give the lift report's pictures as SVG per name."""
    from agent.reports.lift_pictures import lift_pictures as draw

    return draw(found, language)


def write_lift_pictures(found: "PlanLift", folder: "Path", language: SpokenLanguage = "en") -> list["Path"]:
    """Write the pictures as SVG and PNG into a folder, made where it is missing; give the files."""
    from tools.pictures import to_png

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, svg in lift_pictures(found, language).items():
        vector, pixels = folder / f"{name}.svg", folder / f"{name}.png"
        vector.write_text(svg, encoding="utf-8")
        pixels.write_bytes(to_png(svg))
        written += [vector, pixels]
    return written


def review(acting: Acting, plan_id: str) -> "PlanReview":
    """Review a live plan as of now: harm, reach, spend, and whether to go on."""
    from agent.reports import review_report

    plan_id = get(acting, plan_id).plan.id
    app = acting.app
    return review_report(app.store, app.lake, acting.shop_id, plan_id, app.clock.now())


def review_words(found: "PlanReview", language: SpokenLanguage = "en") -> str:
    """Say it in words."""
    from agent.reports import render_review

    return render_review(found, language)


def review_page(found: "PlanReview", language: SpokenLanguage = "en") -> str:
    """Give it as one HTML page."""
    from agent.reports import render_review_page

    return render_review_page(found, language)


def flow(acting: Acting, plan_id: str) -> "PlanFlow":
    """Say how each message of a plan that went live was received as of now."""
    from agent.reports import flow_report

    plan_id = get(acting, plan_id).plan.id
    app = acting.app
    return flow_report(app.store, app.lake, acting.shop_id, plan_id, app.clock.now())


def flow_words(found: "PlanFlow", language: SpokenLanguage = "en") -> str:
    """Say it in words."""
    from agent.reports import render_flow

    return render_flow(found, language)


def brief(acting: Acting, plan_id: str, language: SpokenLanguage = "en") -> "PlanBrief":
    """Give the one-page brief of a live plan as of now, as data with its words."""
    from agent.reports import plan_brief

    return plan_brief(lift(acting, plan_id), language)


def brief_words(found: "PlanLift", language: SpokenLanguage = "en") -> str:
    """Give the one-page brief of a lift report as Markdown."""
    from agent.reports import render_brief

    return render_brief(found, language)


def brief_page(found: "PlanLift", language: SpokenLanguage = "en") -> str:
    """Give the same as one HTML page."""
    from agent.reports import render_brief_page

    return render_brief_page(found, language)


def earned(acting: Acting, plan_id: str) -> "PlanEarned":
    """Count what a live plan's missions and referrals earned people as of now."""
    from agent.reports import earned_report

    plan_id = get(acting, plan_id).plan.id
    app = acting.app
    return earned_report(app.store, app.lake, acting.shop_id, plan_id, app.clock.now())


def earned_words(found: "PlanEarned", language: SpokenLanguage = "en") -> str:
    """Say it in words."""
    from agent.reports import render_earned

    return render_earned(found, language)


def channels(acting: Acting) -> "ByChannel":
    """Say what each channel did, and what shoppers bought in the app beside the web."""
    from agent.reports.by_channel import channel_report

    acting.require("read")
    return channel_report(acting.app.store, acting.app.lake, acting.shop_id)


def predictions(acting: Acting, horizon_days: int = 365, window_days: int = 90) -> "Predicted":
    """Say what today's buyers are expected to bring and who tends to order again; people by pseudonym."""
    from tools.facts import open_facts
    from tools.predictions import predict

    acting.require("read")
    app, shop = acting.app, acting.shop()
    with app.store.read() as uow:
        version = uow.versions.latest().number
    with open_facts(app.store, app.lake, [acting.shop_id], version) as view:
        as_of = acting.as_of(view)
        return predict(view, shop, as_of, data_version=version, horizon_days=horizon_days, window_days=window_days)


def predictions_words(report: "Predictions", language: SpokenLanguage = "en") -> str:
    """Say them in words."""
    from tools.predictions import render_predictions

    return render_predictions(report, language)


def predictions_page(report: "Predictions", language: SpokenLanguage = "en") -> str:
    """Give them as one HTML page with its pictures inside."""
    from tools.predictions import render_predictions_page

    return render_predictions_page(report, language)


def budget(acting: Acting) -> "BudgetAudit":
    """Say where the marketing money and effort go today."""
    from tools.budget.reading import budget_audit

    acting.require("read")
    shop = acting.shop()
    with acting.facts() as view:
        return budget_audit(view, shop, acting.as_of(view))


def cost_trend(acting: Acting, n_periods: int = 6) -> "CostTrend":
    """Say what a first and a second order cost in the last whole months, and how much each moves."""
    from tools.metrics import cost_trend as trend

    acting.require("read")
    shop = acting.shop()
    with acting.facts() as view:
        return trend(view, shop, acting.as_of(view), n_periods)


def cost_chart(found: "CostTrend", language: SpokenLanguage = "en") -> str:
    """Give the chart of both costs as SVG, with the variance of each in its legend."""
    from tools.metrics.cost_chart import cost_chart as draw

    return draw(found, language)


def first_touch(acting: Acting, from_on: date | None = None, until_on: date | None = None) -> "FirstTouchReport":
    """Say of which orders of a period a first touch was decided in time, and why not of the others.

    The last 30 days where neither day is given. Raises `InvalidInput` where the days are the wrong way round.
    """
    from agent.reports.first_touch import first_touch as read
    from memory.domain.errors import InvalidInput

    acting.require("read")
    if (from_on is None) != (until_on is None) or (from_on and until_on and until_on < from_on):
        why, remedy = "it needs a first day and a last one that is not before it", "Name both, or neither"
        raise InvalidInput(what="the period", why=why, remedy=remedy)
    days = (from_on, until_on) if from_on and until_on else None
    return read(acting.app.store, acting.app.lake, acting.shop_id, days, acting.app.clock.now())


def advocacy(acting: Acting, days: int = 365) -> "Advocacy":
    """Say how often loyal and ordinary customers recommended and praised the shop in the last days."""
    from datetime import timedelta

    from tools.metrics import advocacy as count

    acting.require("read")
    shop = acting.shop()
    with acting.facts() as view:
        as_of = acting.as_of(view)
        return count(view, shop, as_of - timedelta(days=days), as_of)


def close(
    acting: Acting, month: str, parts: "Collection[ClosePart]" = ()
) -> "tuple[MonthlyClose, dict[ClosePart, bytes]]":
    """Give the monthly close, and these parts of it as CSV: its sums, the orders behind what was redeemed.

    Numbers of orders lead to people: whoever asks for them may see contacts.
    """
    from agent.reports.close import month_of, monthly_close
    from agent.reports.close_files import close_csv, orders_csv

    acting.require("read")
    if "orders" in parts:
        acting.require("contact")
    app = acting.app
    found, orders = monthly_close(app.store, app.lake, acting.shop_id, month_of(month), app.clock.now())
    files = {part: close_csv(found) if part == "sums" else orders_csv(orders, acting.shop()) for part in parts}
    return found, files
