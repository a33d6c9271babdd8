"""The pages of recorded sessions for evaluators: the list, one session to read, its replay, and what would differ."""

from collections.abc import Callable
from html import escape
from typing import Any

from agent.assembly import App
from api.ui.shell.frame import add_page, header
from api.ui.shell.parts import fill, heading, refill, tabs
from api.ui.shell.visitor import Visitor
from api.verbs import scoreboard, sessions
from api.verbs.acting import Acting
from api.verbs.sessions import ShownSession
from memory.domain.errors import InvalidInput

from .view import render_board, render_diff, render_events, render_head, render_list, render_replay

PARTS = ("read", "replay", "compare")
STEP, MOST = 50, 1000
"""Sessions or entries that a page shows at first, and the most it ever lists."""


def register(app: App) -> None:
    """Add the list and the page of one session."""
    add_page(app, "/sessions", "read", lambda visitor: ListPage(visitor).build())
    add_page(app, "/sessions/{session_id}", "read", lambda visitor, session_id: Page(visitor, session_id).build())


class ListPage:
    """The list, `?n=` sessions long, and the scoreboard of planners."""

    def __init__(self, visitor: Visitor) -> None:
        """Begin with nothing read."""
        self._visitor, self._zone = visitor, visitor.acting().shop().zone
        self._n = _number("n", STEP)

    def build(self) -> None:
        """Make the page."""
        from nicegui import ui

        words = self._visitor.words
        header(self._visitor, "sessions")
        with ui.element("div").classes("so-page so-single so-sessions"):
            ui.html(heading(words("pages", "sessions"), words("sessions", "lead")), sanitize=False)
            fill(self._visitor, lambda acting: sessions.list_sessions(acting, self._n + 1), self._draw)
            with ui.element("section").classes("so-section").props('aria-labelledby="so-board"'):
                ui.html(f'<h3 id="so-board">{words("sessions", "board")}</h3>', sanitize=False)
                fill(self._visitor, self._board, _draw)

    def _draw(self, found: Any) -> None:
        from nicegui import ui

        words = self._visitor.words
        ui.html(render_list(found[: self._n], words, self._zone), sanitize=False)
        if len(found) > self._n:
            n = min(self._n + STEP, MOST)
            ui.html(
                f'<p><a href="/ui/sessions?n={n}">{words("sessions", "show_more").format(n=n)}</a></p>', sanitize=False
            )

    def _board(self, acting: Acting) -> str:
        words, found = self._visitor.words, scoreboard.last(acting)
        if found is not None:
            return render_board(found, words)
        return (
            f'<p class="so-soft">{words("sessions", "no_board")}</p>'
            f"<p><code>{escape(scoreboard.command(acting))}</code></p>"
        )


class Page:
    """One session: `?part=read|replay|compare`, entries from `?from=` on."""

    def __init__(self, visitor: Visitor, session_id: str) -> None:
        """Begin with what the address asks for."""
        from nicegui import ui

        self._visitor, self._id = visitor, session_id
        self._zone = visitor.acting().shop().zone
        asked = ui.context.client.request.query_params
        self._part = next((one for one in PARTS if one == asked.get("part", "")), PARTS[0])
        self._from = _number("from", 0)

    def build(self) -> None:
        """Make the page; only the open part reads anything."""
        from nicegui import ui

        words = self._visitor.words
        header(self._visitor, "sessions", title=f"{words('sessions', 'session')} {self._id[:12]}")
        with ui.element("div").classes("so-page so-single so-sessions"):
            ui.html(
                f'<p><a href="/ui/sessions">{words("sessions", "all")}</a></p>'
                f"<h2>{words('sessions', 'session')} {escape(self._id[:24])}</h2>", sanitize=False,
            )  # fmt: skip
            address = f"/ui/sessions/{self._id}"
            links = [(f"{address}?part={one}", words("sessions", "parts", one), one == self._part) for one in PARTS]
            ui.html(tabs(words("sessions", "parts_label"), links), sanitize=False)
            if self._part == "read":
                fill(self._visitor, lambda acting: sessions.show_session(acting, self._id), self._read)
            elif not self._may_run():
                ui.label(words("sessions", "not_evaluator")).classes("so-soft").props("role=status")
            elif self._part == "replay":
                self._replay()
            else:
                self._compare()

    def _may_run(self) -> bool:
        acting = self._visitor.acting()
        return acting.principal.may("evaluate", acting.shop_id)

    def _read(self, found: ShownSession) -> None:
        from nicegui import ui

        words, n = self._visitor.words, len(found.events)
        shown = found.events[self._from : self._from + STEP]
        first, last = (shown[0].seq, shown[-1].seq) if shown else (0, 0)
        said = words("sessions", "entries").format(first=first, last=last, n=n)
        links = "".join(
            f'<a href="/ui/sessions/{escape(self._id)}?from={start}">{words("sessions", name)}</a> '
            for name, start, is_there in (
                ("earlier", max(self._from - STEP, 0), self._from > 0),
                ("later", self._from + STEP, self._from + STEP < n),
            )
            if is_there
        )  # fmt: skip
        ui.html(
            f"{render_head(found.session, words, self._zone)}"
            f"<section class='so-section'><h3>{words('sessions', 'what_happened')}</h3>"
            f"<p class='so-soft'>{said} {words('sessions', 'verified')}</p>"
            f"{render_events(shown, words, self._zone)}<p>{links}</p></section>", sanitize=False,
        )  # fmt: skip

    def _replay(self) -> None:
        from nicegui import ui

        words = self._visitor.words
        ui.html(f"<p>{words('sessions', 'replay_about')}</p>", sanitize=False)
        self._asker("run_replay", lambda acting: render_replay(sessions.replay_session(acting, self._id), words))

    def _compare(self) -> None:
        from nicegui import ui

        words, language = self._visitor.words, self._visitor.language
        with ui.element("section").props('aria-labelledby="so-with"'):
            about = f'<p class="so-soft">{words("sessions", "with_about")}</p>'
            ui.html(f'<h3 id="so-with">{words("sessions", "with")}</h3>{about}', sanitize=False)
            playbook = ui.checkbox(words("sessions", "by_playbook"))
            with ui.element("div").classes("so-fields"):
                prompt = ui.input(words("sessions", "prompt")).props("outlined dense maxlength=80")
                llm = ui.input(words("sessions", "other_llm")).props("outlined dense maxlength=120")
            rails = ui.textarea(words("sessions", "rails")).props("outlined dense autogrow maxlength=20000")

            def with_changes(acting: Acting) -> str:
                given = {"planner": "playbook" if playbook.value else "", "prompt": prompt.value, "llm": llm.value,
                         "guardrails": "given" if (rails.value or "").strip() else ""}  # fmt: skip
                asked = [f"{name}={value}" for name, value in given.items() if value]
                if not asked:
                    raise InvalidInput(
                        what=words("sessions", "with"), why=words("sessions", "nothing_changes"),
                        remedy=words("sessions", "name_one"),
                    )  # fmt: skip
                variant = sessions.variant_of(acting, asked, lambda _: str(rails.value))
                bundle = sessions.bundle_of(acting, self._id)
                return render_diff(sessions.replay_with(acting, bundle, variant, language), words)

            self._asker("run_with", with_changes)
        with ui.element("section").classes("so-section").props('aria-labelledby="so-other"'):
            ui.html(f'<h3 id="so-other">{words("sessions", "other")}</h3>', sanitize=False)
            other = ui.input(words("sessions", "other_id")).props("outlined dense maxlength=64").classes("so-field")

            def with_other(acting: Acting) -> str:
                both = [sessions.bundle_of(acting, one) for one in (self._id, str(other.value or "").strip())]
                return render_diff(sessions.diff_sessions(acting, both[0], both[1], language), words)

            self._asker("run_diff", with_other)

    def _asker(self, name: str, read: Callable[[Acting], str]) -> None:
        """Make a button and the place of its answer; the answer is worked out behind the page."""
        from nicegui import ui

        words = self._visitor.words

        async def ask() -> None:
            button.disable()
            answer.clear()
            with answer:
                ui.label(words("sessions", "working")).classes("so-loading").props("role=status")
            await refill(self._visitor, answer, read, _draw)
            button.enable()

        with ui.element("div").classes("so-buttons"):
            button = ui.button(words("sessions", name), on_click=ask).props("unelevated no-caps color=primary")
        answer = ui.element("div").classes("so-section")


def _draw(html: str) -> None:
    from nicegui import ui

    ui.html(html, sanitize=False)


def _number(name: str, otherwise: int) -> int:
    """Read a number of the address; what is none, or out of bounds, gives the usual one."""
    from nicegui import ui

    text = ui.context.client.request.query_params.get(name, "")
    return min(int(text), 1_000_000) if text.isascii() and text.isdigit() else otherwise
