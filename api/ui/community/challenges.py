"""The part of challenges: what is asked for, what was handed in, and the queue in which people decide about it."""

from collections.abc import Callable
from functools import partial
from html import escape
from typing import Any
from urllib.parse import quote

from api.ui.shell.asking import Question, ask
from api.ui.shell.parts import do, fill, refill, tabs
from api.ui.shell.visitor import Visitor
from api.verbs import challenges
from api.verbs.acting import Acting
from api.verbs.challenges import ChallengeCount, Decision
from memory.domain.challenge import Submission

from .challenges_view import STATES, challenge_about, challenges_table, no_challenge, nothing_in, render_submission

N_SHOWN = 24
"""So many submissions stand on the page at once, the oldest first."""
QUEUE = "so-queue"


class ChallengesPart:
    """The elements of the part."""

    def __init__(self, visitor: Visitor, challenge_id: str, state: str) -> None:
        """Begin with the challenge and the state that the address names; either may be empty."""
        self._visitor, self._named = visitor, challenge_id
        self._state = next((one for one in STATES if one == state), STATES[0])
        self._shop = visitor.acting().shop()
        self._part: Any = None

    def build(self) -> None:
        """Make the part."""
        self._part = fill(self._visitor, challenges.counted, self._draw)

    def _draw(self, found: tuple[ChallengeCount, ...]) -> None:
        from nicegui import ui

        acting, words = self._visitor.acting(), self._visitor.words
        if not found:
            may_set = acting.principal.may("guardrail", acting.shop_id)
            ui.html(no_challenge(words, may_set=may_set), sanitize=False)
            return
        chosen = next((one for one in found if one.challenge.id == self._named), None) or _first(found)
        today = acting.app.clock.now()
        ui.html(challenges_table(found, chosen.challenge.id, today, self._shop.zone, words), sanitize=False)
        with ui.element("section").classes("so-section").props(f'aria-labelledby="{QUEUE}"'):
            ui.html(challenge_about(chosen, QUEUE, words), sanitize=False)
            ui.html(tabs(words("community", "states_label"), self._links(chosen)), sanitize=False)
            fill(self._visitor, partial(self._read, chosen.challenge.id), partial(self._queue, chosen))

    def _links(self, chosen: ChallengeCount) -> list[tuple[str, str, bool]]:
        words = self._visitor.words
        counts = {"waiting": chosen.n_waiting, "accepted": chosen.n_accepted, "refused": chosen.n_refused}
        address = f"/ui/community?part=challenges&challenge={quote(chosen.challenge.id)}&state="
        return [
            (f"{address}{one}", f"{words('community', 'states', one)} ({counts[one]:,})", one == self._state)
            for one in STATES
        ]

    def _read(self, challenge_id: str, acting: Acting) -> tuple[Submission, ...]:
        return challenges.submissions(acting, challenge_id, self._state, most=N_SHOWN)

    def _queue(self, chosen: ChallengeCount, found: tuple[Submission, ...]) -> None:
        from nicegui import ui

        acting, words = self._visitor.acting(), self._visitor.words
        may = acting.principal.may("plan", acting.shop_id) and acting.principal.kind == "human"
        n_all = {"waiting": chosen.n_waiting, "accepted": chosen.n_accepted, "refused": chosen.n_refused}[self._state]
        if not found:
            ui.html(nothing_in(self._state, words), sanitize=False)
            return
        if self._state == "waiting" and not may:
            ui.label(words("community", "who_decides")).classes("so-soft")
        if n_all > len(found):
            said = words("community", "oldest_of").format(n=len(found), all=f"{n_all:,}")
            ui.label(said).classes("so-soft")
        with ui.element("div").classes("so-grid so-below"):
            for one in found:
                with ui.element("article").classes("so-panel"):
                    ui.html(render_submission(one, words, self._shop.zone), sanitize=False)
                    if may and one.state == "waiting":
                        self._buttons(one)

    def _buttons(self, one: Submission) -> None:
        from nicegui import ui

        words = self._visitor.words
        with ui.element("div").classes("so-buttons"):
            for decision, looks in (("accepted", "unelevated color=primary"), ("refused", "outline color=negative")):
                name = words("community", "decide", decision)
                button = ui.button(
                    name, on_click=self._decider(one, "accepted" if decision == "accepted" else "refused")
                )
                button.props(f'{looks} no-caps id={decision}-{one.id} aria-describedby="of-{one.id}"')

    def _decider(self, one: Submission, decision: Decision) -> Callable[[], Any]:
        async def decide() -> None:
            await self._decide(one, decision)

        return decide

    async def _decide(self, one: Submission, decision: Decision) -> None:
        """Ask, then decide; a refusal says why."""
        from nicegui import ui

        words, client = self._visitor.words, ui.context.client
        consent = "" if one.rights or decision == "refused" else f" {words('community', 'no_consent')}"
        question = Question(
            title=words("community", "decide", f"{decision}_title"),
            text=escape(words("community", "decide", f"{decision}_text") + consent),
            yes=words("community", "decide", decision), no=words("stop", "cancel"),
            note=words("community", "decide", "why") if decision == "refused" else "",
            is_harsh=decision == "refused",
        )  # fmt: skip
        answer = await ask(question, back_to=f"{decision}-{one.id}")
        if answer is None:
            return
        why, said = answer.note.strip(), words("community", "decide", f"{decision}_done")
        if await do(self._visitor, lambda acting: challenges.decide(acting, one.id, decision, why), said) is not None:
            await refill(self._visitor, self._part, challenges.counted, self._draw)
            client.run_javascript(f"document.getElementById('{QUEUE}')?.focus()")


def _first(found: tuple[ChallengeCount, ...]) -> ChallengeCount:
    """Give the challenge that is open where the address names none: the first in which something waits."""
    return next((one for one in found if one.n_waiting), found[0])
