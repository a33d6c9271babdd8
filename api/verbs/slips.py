"""Slips of lanes: which there are, what is told of them, and what holding messages back saved."""

from agent.order_mail.expecting import expect
from agent.order_mail.preview import DraftedText, drafted_texts
from memory.domain.base import Count, Frozen
from memory.domain.slips import Slip
from tools.parcels import LaneNow, lanes_now
from tools.parcels.spared import Spared, spared

from .acting import Acting

MOST = 100


class SlipLine(Frozen):
    """One slip with how many people it touches."""

    slip: Slip
    """The slip."""
    n_people: Count
    """People whose parcels it touched."""
    n_waiting: Count
    """Those of them who still wait."""


class SlipShown(Frozen):
    """One slip with the message to its people."""

    line: SlipLine
    """The slip."""
    n_drafts: Count
    """Mails that wait for a decision."""
    texts: tuple[DraftedText, ...]
    """What those people would read, per language."""


class SlipsOverview(Frozen):
    """The lanes as they fare now, slips of before and now, and what was held back."""

    lanes: tuple[LaneNow, ...]
    """Lanes with parcels whose usual day came in the last days, the latest ones first."""
    slips: tuple[SlipLine, ...]
    """Slips, the newest first."""
    held: tuple[Spared, ...]
    """Messages held back for parcels, by kind."""


def overview(acting: Acting) -> SlipsOverview:
    """Say which lanes slip, whom that touches, and what holding messages back saved."""
    acting.require("read")
    with acting.app.store.read() as uow:
        found = uow.slips.all(acting.shop_id, MOST)
        lines = tuple(_line(one, *uow.slips.counts(one.id)) for one in found)
        held = uow.slips.held(acting.shop_id)
    shop = acting.shop()
    with acting.facts() as view:
        as_of = acting.as_of(view)
        known_by = acting.app.clock.now()
        lanes = lanes_now(view, shop, as_of, known_by)
        saved = spared(view, shop, held, as_of)
    return SlipsOverview(lanes=lanes, slips=lines, held=saved)


def show(acting: Acting, slip_id: str) -> SlipShown:
    """Show a slip with the drafted message in each language its people read."""
    acting.require("read")
    with acting.app.store.read() as uow:
        slip = uow.slips.get(slip_id)
        acting.own("slip", slip_id, slip.shop_id)
        drafts = uow.order_mail.drafts(slip_id)
        people = set(uow.identities.people_of(drafts).values())
        state = uow.person_state.get(acting.shop_id, people)
        guardrails, line = uow.guardrails.current(acting.shop_id), _line(slip, *uow.slips.counts(slip_id))
    now, app = acting.app.clock.now(), acting.app
    texts = drafted_texts(slip, state, acting.shop(), guardrails, app.markets, expect(app, acting.shop_id), now)
    return SlipShown(line=line, n_drafts=len(drafts), texts=texts)


def look(acting: Acting) -> tuple[Slip, ...]:
    """Look for lanes that slip or have recovered, now; ticks do it once a day. Give the slips that last."""
    from agent.tick.slips import watch_lanes

    acting.require("dispatch")
    with acting.facts() as view:
        as_of, known_by = acting.as_of(view), acting.app.clock.now()
        found = watch_lanes(acting.app.store, view, acting.shop(), as_of, is_look=True, known_by=known_by)
    acting.log("slips.look", f"shop:{acting.shop_id}", n_open=len(found))
    return found


def approve(acting: Acting, slip_id: str) -> Slip:
    """Let the message of a slip go to its people, and to those it touches later; only a person may."""
    acting.require_person("approve")
    now = acting.app.clock.now()
    with acting.write("slip.approve", f"slip:{slip_id}") as uow:
        acting.own("slip", slip_id, uow.slips.get(slip_id).shop_id)
        uow.slips.decide(slip_id, "approved", acting.principal.id, now)
        uow.order_mail.release_drafts(slip_id, now)
        return uow.slips.get(slip_id)


def decline(acting: Acting, slip_id: str) -> Slip:
    """Send the message of a slip to nobody; promotions and review requests still wait. Only a person may."""
    acting.require_person("approve")
    now = acting.app.clock.now()
    with acting.write("slip.decline", f"slip:{slip_id}") as uow:
        acting.own("slip", slip_id, uow.slips.get(slip_id).shop_id)
        uow.slips.decide(slip_id, "declined", acting.principal.id, now)
        uow.order_mail.end_drafts(slip_id, "declined", now)
        return uow.slips.get(slip_id)


def _line(slip: Slip, n_people: int, n_waiting: int) -> SlipLine:
    return SlipLine(slip=slip, n_people=n_people, n_waiting=n_waiting)
