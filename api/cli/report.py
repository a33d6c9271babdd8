"""`secondorder report`: the look back, the lift, what offers earned people, the budget audit, what can be shown."""

from pathlib import Path
from typing import Annotated

import typer

from .command import command
from .desk import Desk, day_from, language_from

group = typer.Typer(no_args_is_help=True, help="What the last peak cost, what a plan changed, where the money goes.")

Language = Annotated[str, typer.Option("--language", "--lang", help="en or zh.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Where the HTML page goes.")]
Day = Annotated[str, typer.Option(metavar="YYYY-MM-DD")]


@command(group, "look-back")
def look_back(
    desk: Desk, peak_from: Day = "", peak_until: Day = "", language: Language = "en", out: Out = None
) -> None:
    """Say on one page with pictures what the last peak cost the shop."""
    from api.verbs import reports

    found = reports.look_back(desk.acting, day_from(peak_from), day_from(peak_until))
    path = out or desk.app.settings.home / f"look-back-{desk.shop_id}-{language}.html"
    path.write_text(reports.look_back_page(found, language_from(language)), encoding="utf-8")
    share = found.n_never / found.n_new if found.n_new else 0.0
    said = f"{found.n_new:,} new buyers came; {found.n_never:,} ({share:.0%}) never returned."
    desk.emit(found, said, f"The page with pictures: {path}")


@command(group, "lift")
def lift(
    desk: Desk,
    plan_id: Annotated[str, typer.Argument(metavar="PLAN")],
    language: Language = "en",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="A file: .pdf, .csv, .png, or else an HTML page.")
    ] = None,
    pictures: Annotated[Path | None, typer.Option(metavar="DIR", help="Where the pictures go, as SVG and PNG.")] = None,
) -> None:
    """Compare treated people with the control group: what the plan really changed."""
    from agent.reports import render_lift
    from agent.reports.lift_files import FORMATS, lift_file
    from api.verbs import reports

    found = reports.lift(desk.acting, plan_id)
    form = next((one for one in FORMATS if out is not None and out.suffix.lower() == f".{one}"), None)
    if pictures is not None:
        for path in reports.write_lift_pictures(found, pictures, language_from(language)):
            desk.remark(f"picture: {path}")
    if out is not None and form is not None:
        out.write_bytes(lift_file(found, form, language_from(language)).content)
    elif out is not None:
        out.write_text(reports.lift_page(found, language_from(language)), encoding="utf-8")
    from rich.markup import escape

    desk.emit(found, escape(render_lift(found, language_from(language))))


@command(group, "review")
def review(desk: Desk, plan_id: Annotated[str, typer.Argument(metavar="PLAN")], language: Language = "en") -> None:
    """Review a live plan, as on day 14: harm by cohort, reach and spend, too early or not, and what to do."""
    from rich.markup import escape

    from api.verbs import reports

    found = reports.review(desk.acting, plan_id)
    desk.emit(found, escape(reports.review_words(found, language_from(language))))


@command(group, "messages")
def messages(desk: Desk, plan_id: Annotated[str, typer.Argument(metavar="PLAN")], language: Language = "en") -> None:
    """Show how each message was received: opens and clicks by people and by software, and orders after a click."""
    from rich.markup import escape

    from api.verbs import reports

    found = reports.flow(desk.acting, plan_id)
    desk.emit(found, escape(reports.flow_words(found, language_from(language))))


@command(group, "brief")
def brief(
    desk: Desk, plan_id: Annotated[str, typer.Argument(metavar="PLAN")], language: Language = "en", out: Out = None
) -> None:
    """Say on one page what a plan gained and cost, how certain that is and what is next."""
    from rich.markup import escape

    from api.verbs import reports

    found, spoken = reports.lift(desk.acting, plan_id), language_from(language)
    if out is not None:
        out.write_text(reports.brief_page(found, spoken), encoding="utf-8")
    desk.emit(found, escape(reports.brief_words(found, spoken)))


@command(group, "exclusions")
def exclusions(
    desk: Desk,
    format_: Annotated[str, typer.Option("--format", metavar="klaviyo|meta", help="The tool that reads it.")],
    which: Annotated[str, typer.Option(metavar="LIST", help="holdout, suppressed or all.")] = "all",
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Where the CSV goes.")] = None,
) -> None:
    """Write whom other tools must leave out: withheld people and suppressed addresses. Contact data; it is logged."""
    from api.verbs import exclusions as lists

    from .desk import one_of, write_anew

    found = lists.exclusions(
        desk.acting, one_of("--format", format_, lists.FORMATS), one_of("--which", which, lists.WHICH)
    )
    path = out or desk.app.settings.home / f"exclusions-{found.format}-{desk.shop_id}.csv"
    write_anew(path, found.content.encode())
    desk.emit(found.model_copy(update={"content": ""}), f"{found.n_rows:,} lines: {path}")


@command(group, "earned")
def earned(
    desk: Desk, plan_id: Annotated[str, typer.Option("--plan", metavar="ID")], language: Language = "en"
) -> None:
    """Count what missions and referrals earned, lost and were refused."""
    from rich.markup import escape

    from api.verbs import reports

    found = reports.earned(desk.acting, plan_id)
    desk.emit(found, escape(reports.earned_words(found, language_from(language))))


@command(group, "first-touch")
def first_touch(desk: Desk, from_on: Day = "", until_on: Day = "", language: Language = "en") -> None:
    """Say of which orders of a period a first touch was decided in time, and why not of the others."""
    from agent.reports.first_touch import touch_words
    from api.verbs import reports

    from .tables import table

    found = reports.first_touch(desk.acting, day_from(from_on), day_from(until_on))
    rows = [
        (*touch_words(one, language_from(language)), f"{one.n_orders:,}", f"{one.share_rate:.1%}")
        for one in found.groups
    ]
    share = "" if found.decided_rate is None else f" ({found.decided_rate:.1%})"
    said = (
        f"{found.n_orders:,} orders from {found.from_on} to {found.until_on}: {found.n_decided:,}{share} with a first "
        f"touch decided within {found.window_days} days, {found.n_explained:,} with a reason why not, "
        f"{found.n_waiting:,} not decided yet."
    )
    desk.emit(found, said, table("First touch", ("what", "why", "orders", "share"), rows))


@command(group, "channels")
def channels(desk: Desk) -> None:
    """Count messages and answers per channel, and orders per place: the app beside the web."""
    from api.verbs import reports
    from memory.domain.money import Money

    from .tables import table

    found = reports.channels(desk.acting)
    states, kinds = ("sent", "suppressed", "failed", "unknown"), ("delivered", "opened", "bounced", "complained")
    rows = [
        (one.channel, *(one.n_by_state.get(each, 0) for each in states), *(one.n_heard.get(each, 0) for each in kinds))
        for one in found.messages
    ]
    places = [
        (one.channel, one.n_orders, str(Money(amount_minor=one.revenue_minor, currency=found.currency)), one.share_rate)
        for one in found.orders
    ]
    desk.emit(
        found,
        table("Messages", ("channel", *states, *kinds), rows),
        table("Orders", ("placed in", "orders", "revenue", "share"), places),
    )


@command(group, "predictions")
def predictions(
    desk: Desk,
    language: Language = "en",
    out: Out = None,
    people: Annotated[Path | None, typer.Option(metavar="FILE", help="Where a CSV row per buyer goes.")] = None,
    horizon_days: Annotated[int, typer.Option("--horizon", min=30, max=1095, help="Days of predicted CLV.")] = 365,
    window_days: Annotated[int, typer.Option("--window", min=14, max=365, help="Days of a further order.")] = 90,
) -> None:
    """Say what buyers are expected to bring and who tends to order again, and how far to trust it."""
    from rich.markup import escape

    from api.verbs import reports

    found = reports.predictions(desk.acting, horizon_days, window_days)
    if out is not None:
        out.write_text(reports.predictions_page(found.report, language_from(language)), encoding="utf-8")
    if people is not None:
        from tools.neutral_csv import write_neutral_csv

        write_neutral_csv(found.people, people)
        desk.remark(f"{found.people.num_rows:,} people, by pseudonym: {people}")
    desk.emit(found.report, escape(reports.predictions_words(found.report, language_from(language))))


@command(group, "budget")
def budget(desk: Desk, language: Language = "en") -> None:
    """Say where the marketing money and effort go today."""
    from api.verbs.reports import budget as audit
    from memory.domain.money import Money

    from .tables import facts, table

    found = audit(desk.acting)
    share = "unknown, the spend ledger is empty" if found.post_share_rate is None else f"{found.post_share_rate:.1%}"
    head = {"period": f"{found.period_from} to {found.period_until}" if found.period_from else "-"}
    head |= {"share after the purchase": share, "risk": found.risk_band.replace("_", " ")}
    rows = [
        (one.channel, one.stage, str(Money(amount_minor=one.amount_minor, currency=found.currency)), one.share_rate)
        for one in found.channels
    ]
    questions = [(one.question.get(language, ""), one.answer.get(language, "") or "-") for one in found.items]
    desk.emit(
        found,
        facts(head),
        table("Channels", ("channel", "stage", "amount", "share"), rows),
        table("Questions", ("question", "answer"), questions),
    )


@command(group, "costs")
def costs(
    desk: Desk,
    language: Language = "en",
    periods: Annotated[int, typer.Option(min=3, max=24, help="Whole months before today.")] = 6,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Where the chart goes, as SVG.")] = None,
) -> None:
    """Say what a first and a second order cost month by month, and the variance of both."""
    from api.verbs import reports
    from memory.domain.outcome import NotEstimable
    from tools.metrics import CostPer

    from .tables import table

    def each(cost: CostPer | NotEstimable) -> str:
        return f"{cost.cost_minor:,}" if isinstance(cost, CostPer) else "not known"

    found = reports.cost_trend(desk.acting, periods)
    if out is not None:
        out.write_text(reports.cost_chart(found, language_from(language)), encoding="utf-8")
    rows = [
        (f"{one.from_on:%Y-%m}", each(one.costs.first_order), each(one.costs.second_order)) for one in found.periods
    ]
    spreads = [
        (name, "-", "-", spread.message)
        if isinstance(spread, NotEstimable)
        else (name, f"{spread.mean_minor:,.0f}", f"{spread.variance_minor2:,.0f}", f"{spread.variation:.0%}")
        for name, spread in (("acquisition", found.acquisition), ("maintenance", found.maintenance))
    ]
    desk.emit(
        found,
        table(f"Costs in minor units of {found.currency}", ("month", "a first order", "a second order"), rows),
        table("Over the months", ("cost", "mean", "variance", "variation"), spreads),
    )


@command(group, "advocacy")
def advocacy(
    desk: Desk, days: Annotated[int, typer.Option(min=30, max=1095, help="The last days that are counted.")] = 365
) -> None:
    """Say how often loyal and ordinary customers recommended and praised the shop, and how many times as often."""
    from api.verbs import reports
    from memory.domain.experiment import Interval

    from .tables import table

    found = reports.advocacy(desk.acting, days)
    rows = [
        (
            name, one.n_people, one.n_shares, one.n_good_reviews,
            *(f"{rate.estimate:.3f}" if isinstance(rate, Interval) else "too few" for rate in
              (one.shares_each, one.good_reviews_each)),
        )
        for name, one in (("loyal", found.loyal), ("ordinary", found.ordinary))
    ]  # fmt: skip
    columns = ("customers", "people", "shares", "good reviews", "shares each", "good reviews each")
    own = "The multiple of shares cannot be told yet"
    if found.share_multiple is not None:
        own = f"Loyal customers recommend {found.share_multiple:.1f} times as often here"
    said = f"{own}; the claim of {found.claimed_multiple:.0f} times has no source."
    desk.emit(found, table("Who speaks for the shop", columns, rows), said)


@command(group, "power")
def power(
    desk: Desk,
    people: Annotated[int, typer.Option(min=2, max=100_000_000, help="People in the plan, both arms together.")] = 3000,
    baseline: Annotated[float, typer.Option(min=0.0, max=1.0, help="Share who buy again unprompted.")] = 0.12,
    holdouts: Annotated[str, typer.Option(metavar="RATES", help="Shares withheld, with commas between.")] = (
        "0.05,0.1,0.2,0.3,0.5"
    ),
    looks: Annotated[int, typer.Option(min=1, max=180, help="Evenly spaced planned looks.")] = 28,
) -> None:
    """Say which lift an experiment can show, by holdout size; needs no shop."""
    from memory.domain.experiment import Estimate, Interval
    from tools.experiments.design import Design, designs

    from .desk import rates_from
    from .tables import table

    def points(estimate: Estimate) -> str:
        return f"{estimate.estimate:.1f} pp" if isinstance(estimate, Interval) else "not readable"

    rows = designs(people, baseline, rates_from(holdouts), Design(n_looks=looks))
    title = f"{people:,} people, {baseline:.1%} buy again unprompted: smallest lift found in 80 of 100 experiments"
    columns = ("withheld", "treated", "control", "control buyers", "one look", f"{looks} looks", "relative")
    shown = [
        (
            f"{row.holdout_rate:.0%}", row.n_treated, row.n_control, row.n_control_buyers, points(row.fixed_pp),
            points(row.planned_pp),
            f"{row.planned_relative.estimate:.0%}" if isinstance(row.planned_relative, Interval) else "-",
        )
        for row in rows
    ]  # fmt: skip
    why = sorted({row.planned_pp.message for row in rows if not isinstance(row.planned_pp, Interval)})
    desk.emit(rows, table(title, columns, shown), *why)


@command(group, "close")
def close(
    desk: Desk,
    month: Annotated[str, typer.Argument(metavar="YYYY-MM")],
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Where the sums go, as CSV.")] = None,
    orders: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where the orders go that offers were redeemed on, as CSV.")
    ] = None,
) -> None:
    """Close a month for accounting: planned, committed, sent, redeemed by market, and what is owed at its end."""
    from api.verbs import reports

    from .tables import table

    paths: dict[reports.ClosePart, Path | None] = {"sums": out, "orders": orders}
    found, files = reports.close(desk.acting, month, [part for part, path in paths.items() if path is not None])
    for part, content in files.items():
        path = paths[part]
        assert path is not None
        path.write_bytes(content)
    rows = [
        (line.item, line.plan_id[:12] or "-", line.market or "-", line.channel or "-", f"{line.n:,}", str(line.amount))
        for line in found.lines
    ]
    said = "" if found.is_over else "The month is not over: these are figures of its first part."
    columns = ("item", "plan", "market", "channel", "n", "amount")
    desk.emit(found, table(f"{month}, days of {found.zone}", columns, rows), *([said] * bool(said)))
