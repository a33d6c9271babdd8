"""The part of ambassadors: who waits for a second person, who is one, and whom to look at next."""

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Any

from api.ui.shell.asking import Question, ask
from api.ui.shell.parts import do, fill, notice, refill
from api.ui.shell.visitor import Visitor
from api.verbs import ambassadors
from api.verbs.acting import Acting
from memory.domain.ambassador import Ambassador
from memory.domain.canonical import content_hash

from .ambassadors_view import ambassadors_table, candidates_lead, orders_table, render_candidate, render_proposal

if TYPE_CHECKING:
    from agent.community.ambassadors import AmbassadorOrders, Candidate, CandidatePage

N_SHOWN = 12
"""So many candidates stand on the page, the highest score first."""
SECTION = "so-proposals"


class AmbassadorsPart:
    """The elements of the part."""

    def __init__(self, visitor: Visitor) -> None:
        """Begin with nothing read."""
        self._visitor = visitor
        self._shop = visitor.acting().shop()
        self._part: Any = None

    def build(self) -> None:
        """Make the part: who is what at once, scores and orders when they are worked out."""
        self._part = fill(self._visitor, ambassadors.ambassadors, self._draw)

    def _draw(self, found: tuple[Ambassador, ...]) -> None:
        from nicegui import ui

        words, key = self._visitor.words, content_hash([one.model_dump(mode="json") for one in found])
        waiting = {one.person_id: one for one in found if one.state == "proposed"}
        with self._section(SECTION, "proposals_title"):
            if not waiting:
                ui.label(words("community", "no_proposals")).classes("so-soft")
            else:
                fill(
                    self._visitor,
                    lambda acting: acting.lately("ambassador_proposals", ambassadors.proposals, key),
                    lambda scored: self._proposals(waiting, scored),
                )
        with self._section("so-known", "ambassadors_title"):
            ui.html(ambassadors_table(found, words, self._shop.zone), sanitize=False)
            if any(one.accepted_at for one in found):
                fill(
                    self._visitor,
                    lambda acting: acting.lately("ambassador_orders", ambassadors.orders, key),
                    self._orders,
                )
        with self._section("so-candidates", "candidates_title"):
            fill(
                self._visitor,
                lambda acting: acting.lately("ambassador_candidates", _first, key),
                self._candidates,
            )

    def _proposals(self, waiting: dict[str, Ambassador], scored: "tuple[Candidate, ...]") -> None:
        from nicegui import ui

        acting, words = self._visitor.acting(), self._visitor.words
        scores = {one.person_id: one for one in scored}
        may = acting.principal.may("approve", acting.shop_id)
        if not may:
            ui.label(words("community", "who_approves")).classes("so-soft")
        with ui.element("div").classes("so-grid so-below"):
            for one in waiting.values():
                with ui.element("article").classes("so-panel"):
                    ui.html(render_proposal(one, scores.get(one.person_id), words, self._shop.zone), sanitize=False)
                    if may and one.proposed_by == acting.principal.id:
                        ui.html(notice(escape(words("community", "own_proposal"))), sanitize=False)
                    elif may:
                        self._buttons(one)

    def _buttons(self, one: Ambassador) -> None:
        from nicegui import ui

        words, person = self._visitor.words, one.person_id
        with ui.element("div").classes("so-buttons"):
            for name, looks in (("approve", "unelevated color=primary"), ("refuse", "outline color=negative")):
                button = ui.button(words("community", "invite", name), on_click=self._decider(person, name))
                button.props(f'{looks} no-caps id={name}-{person} aria-describedby="who-{person}"')

    def _decider(self, person: str, name: str) -> Callable[[], Any]:
        def decide(acting: Acting) -> Ambassador:
            return ambassadors.decide(acting, person, approve=name == "approve")

        return self._asker(name, person, decide, is_harsh=name == "refuse")

    def _orders(self, found: "tuple[AmbassadorOrders, ...]") -> None:
        from nicegui import ui

        ui.html(orders_table(found, self._shop.currency, self._visitor.words), sanitize=False)

    def _candidates(self, found: "CandidatePage") -> None:
        from nicegui import ui

        acting, words = self._visitor.acting(), self._visitor.words
        ui.html(candidates_lead(found, words), sanitize=False)
        may = acting.principal.may("plan", acting.shop_id)
        if found.candidates and not may:
            ui.label(words("community", "who_proposes")).classes("so-soft")
        with ui.element("div").classes("so-grid so-below"):
            for one in found.candidates:
                with ui.element("article").classes("so-panel"):
                    ui.html(render_candidate(one, words), sanitize=False)
                    if may:
                        self._proposer(one.person_id)

    def _proposer(self, person: str) -> None:
        from nicegui import ui

        def propose(acting: Acting) -> Ambassador:
            return ambassadors.propose(acting, person)

        with ui.element("div").classes("so-buttons"):
            button = ui.button(
                self._visitor.words("community", "invite", "propose"), on_click=self._asker("propose", person, propose)
            )
            button.props(f'outline no-caps color=primary id=propose-{person} aria-describedby="who-{person}"')

    def _asker(
        self, name: str, person: str, act: Callable[[Acting], Ambassador], *, is_harsh: bool = False
    ) -> Callable[[], Any]:
        """Give what asks, acts and reads the part anew."""

        async def go() -> None:
            from nicegui import ui

            words, client = self._visitor.words, ui.context.client
            question = Question(
                title=words("community", "invite", f"{name}_title").format(person=escape(person[:14])),
                text=escape(words("community", "invite", f"{name}_text")), yes=words("community", "invite", name),
                no=words("stop", "cancel"), is_harsh=is_harsh,
            )  # fmt: skip
            if await ask(question, back_to=f"{name}-{person}") is None:
                return
            if await do(self._visitor, act, words("community", "invite", f"{name}_done")) is not None:
                await refill(self._visitor, self._part, ambassadors.ambassadors, self._draw)
                client.run_javascript(f"document.getElementById('{SECTION}')?.focus()")

        return go

    def _section(self, heading: str, name: str) -> Any:
        from nicegui import ui

        section = ui.element("section").classes("so-section").props(f'aria-labelledby="{heading}"')
        with section:
            title = escape(self._visitor.words("community", name))
            ui.html(f'<h3 id="{heading}" tabindex="-1">{title}</h3>', sanitize=False)
        return section


def _first(acting: Acting) -> "CandidatePage":
    return ambassadors.candidates(acting, 0, N_SHOWN)
