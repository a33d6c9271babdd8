"""Start: the first run in four steps, each with an address of its own; what is done already is marked."""

from collections.abc import Callable
from html import escape

from agent.assembly import App
from api.ui.settings.brand import Brand
from api.ui.settings.connect import Connect
from api.ui.settings.shop_form import ShopForm
from api.ui.shell.frame import add_page, header
from api.ui.shell.parts import heading, status, tabs
from api.ui.shell.visitor import Visitor
from api.verbs import shops
from api.verbs.shops import FirstRun

from .files import Files
from .limits_form import LimitsForm

STEPS = ("files", "market", "guardrails", "connect", "done")


def register(app: App) -> None:
    """Add the page."""
    add_page(app, "/start", "import", lambda visitor: Page(visitor).build())


class Page:
    """One step of the first run, as the address says."""

    def __init__(self, visitor: Visitor) -> None:
        """Read which step is asked for; the first that is not done where it is none."""
        from nicegui import ui

        asked = ui.context.client.request.query_params.get("step", "")
        self._visitor, self._found = visitor, shops.first_run(visitor.acting())
        self._step = asked if asked in STEPS else next_step(self._found)

    def build(self) -> None:
        """Make the page."""
        from nicegui import ui

        words = self._visitor.words
        header(self._visitor, "start", title=f"{words('start', 'steps', self._step)} · {words('pages', 'start')}")
        shown: dict[str, Callable[[], None]] = {
            "files": lambda: Files(self._visitor).build(),
            "market": self._market,
            "guardrails": self._guardrails,
            "connect": self._connect,
            "done": self._done,
        }
        links = [(f"/ui/start?step={step}", self._name(place, step), step == self._step)
                 for place, step in enumerate(STEPS, 1)]  # fmt: skip
        with ui.element("div").classes("so-page so-single so-start"):
            ui.html(heading(words("start", "title"), words("start", "lead")), sanitize=False)
            ui.html(tabs(words("start", "steps_label"), links), sanitize=False)
            ui.html(f"<h3>{words('start', 'steps', self._step)}</h3>", sanitize=False)
            shown[self._step]()
            if self._step != STEPS[-1]:
                following = STEPS[STEPS.index(self._step) + 1]
                said = escape(words("start", "next").format(step=words("start", "steps", following)))
                ui.html(f"<p class='so-next'><a href='/ui/start?step={following}'>{said}</a></p>", sanitize=False)

    def _name(self, place: int, step: str) -> str:
        words = self._visitor.words
        mark = f" ✓ {words('start', 'is_done')}" if self._found.is_done(step) else ""
        return f"{place}. {words('start', 'steps', step)}{mark}"

    def _market(self) -> None:
        from nicegui import ui

        words = self._visitor.words
        ui.html(f"<p class='so-lead'>{words('start', 'market_lead')}</p>", sanitize=False)
        ShopForm(self._visitor).build()
        with ui.element("section").classes("so-section"):
            lead = f"<p class='so-lead'>{words('brand', 'lead')}</p>"
            ui.html(f"<h3>{words('brand', 'title')}</h3>{lead}", sanitize=False)
            Brand(self._visitor).build()

    def _guardrails(self) -> None:
        from nicegui import ui

        words = self._visitor.words
        way = f"<a href='/ui/guardrails'>{words('start', 'all_limits')}</a>"
        ui.html(f"<p class='so-lead'>{words('start', 'limits_lead')}</p><p>{way}</p>", sanitize=False)
        LimitsForm(self._visitor).build()

    def _connect(self) -> None:
        from nicegui import ui

        ui.html(f"<p class='so-lead'>{self._visitor.words('start', 'connect_lead')}</p>", sanitize=False)
        Connect(self._visitor).build()

    def _done(self) -> None:
        from nicegui import ui

        words = self._visitor.words
        rows = "".join(
            f"<li><a href='/ui/start?step={step}'>{escape(words('start', 'steps', step))}</a> "
            f"{_state(self._found.is_done(step), words('start', 'is_done'), words('start', 'is_open'))}<br>"
            f"<span class='so-soft'>{escape(words('start', 'why', step))}</span></li>"
            for step in STEPS[:-1]
        )
        ui.html(f"<ul class='so-steps'>{rows}</ul>", sanitize=False)
        ready = words("start", "go_on" if self._found.n_files else "need_files")
        way = "/ui/chat" if self._found.n_files else "/ui/start?step=files"
        ui.html(f"<p><a class='so-go' href='{way}'>{escape(ready)}</a></p>", sanitize=False)


def next_step(found: FirstRun) -> str:
    """Give the first step that is not done, the last where all are."""
    return next((step for step in STEPS if not found.is_done(step)), STEPS[-1])


def _state(is_done: bool, done: str, open_: str) -> str:
    return status(done) if is_done else status(open_, "waiting")
