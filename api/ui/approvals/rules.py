"""Notifications and deputies: whom a waiting request is told to, who steps in, whose texts have to be read."""

from collections.abc import Callable
from html import escape
from typing import Any

from api.ui.shell.asking import Question, ask
from api.ui.shell.numbers import instant
from api.ui.shell.parts import do, fill, refill, table
from api.ui.shell.visitor import Visitor
from api.verbs import approval_rules
from api.verbs.acting import Acting
from api.verbs.approval_rules import Colleague
from memory.domain.approval_rules import ApprovalRules, RulesInForce

from .rule_forms import KINDS, Forms, Kind

Found = tuple[RulesInForce, tuple[RulesInForce, ...], tuple[Colleague, ...]]


class RulesPart:
    """The elements of the settings; only an admin gets here, and every verb asks again."""

    def __init__(self, visitor: Visitor) -> None:
        """Begin with nothing read."""
        self._visitor = visitor
        self._part: Any = None

    def build(self) -> None:
        """Make the part."""
        self._part = fill(self._visitor, self._read, self._draw)

    def _read(self, acting: Acting) -> Found:
        return approval_rules.show(acting), approval_rules.history(acting), approval_rules.colleagues(acting)

    def _draw(self, found: Found) -> None:
        from nicegui import ui

        words, (now, versions, colleagues) = self._visitor.words, found
        ui.html(f'<p class="so-lead">{escape(words("approvals", "rules_lead"))}</p>', sanitize=False)
        forms = Forms(self._visitor, colleagues, self._again)
        for kind in KINDS:
            with ui.element("section").classes("so-section").props(f'aria-labelledby="so-rules-{kind}"'):
                title, about = words("approvals", "rules", kind), words("approvals", "rules", f"{kind}_about")
                ui.html(
                    f'<h3 id="so-rules-{kind}">{escape(title)}</h3><p class="so-soft">{escape(about)}</p>',
                    sanitize=False,
                )
                for name, text in entries(now.rules, kind):
                    self._entry(kind, name, text)
                with ui.element("details").classes("so-more so-panel"):
                    ui.html(escape(words("approvals", "rules", f"{kind}_add")), tag="summary", sanitize=False)
                    forms.build(kind)
        ui.html(self._history(versions), sanitize=False)

    def _entry(self, kind: Kind, name: str, text: str) -> None:
        from nicegui import ui

        words = self._visitor.words
        with ui.element("div").classes("so-entry"):
            ui.label(text)
            if kind == "bot":
                ui.button(words("approvals", "try"), on_click=self._trier(name)).props(
                    f'flat no-caps color=primary aria-label="{words("approvals", "try")} {name}"'
                )
            taker = ui.button(words("approvals", "take_away"), on_click=self._taker(kind, name))
            taker.props(f'flat no-caps color=primary id="take-{kind}-{name}"')
            taker.props(f'aria-label="{words("approvals", "take_away")} {name}"')

    def _taker(self, kind: Kind, name: str) -> Callable[[], Any]:
        async def take() -> None:
            words = self._visitor.words
            question = Question(
                title=words("approvals", "take_question").format(name=escape(name)),
                text=words("approvals", "rules", f"{kind}_take"),
                yes=words("approvals", "take_away"),
                no=words("stop", "cancel"),
            )
            if await ask(question, back_to=f"take-{kind}-{name}") is None:
                return
            done = await do(
                self._visitor, lambda acting: approval_rules.forget(acting, kind, name), words("approvals", "saved")
            )
            if done is not None:
                await self._again()

        return take

    def _trier(self, name: str) -> Callable[[], Any]:
        async def try_() -> None:
            from nicegui import ui

            words = self._visitor.words
            found = await do(self._visitor, lambda acting: approval_rules.try_bot(acting, name), "")
            if found is not None:
                said = words("approvals", "tried" if found.is_taken else "not_tried").format(why=found.reason)
                ui.notify(said, color="primary" if found.is_taken else "negative", close_button="OK", timeout=10_000)

        return try_

    async def _again(self) -> None:
        await refill(self._visitor, self._part, self._read, self._draw)

    def _history(self, versions: tuple[RulesInForce, ...]) -> str:
        words, zone = self._visitor.words, self._visitor.acting().shop().zone
        rows = [
            (f"<code>{one.version[:12]}</code>", escape(one.set_by), escape(instant(one.set_at, zone, words.language)),
             escape(one.note))
            for one in versions
            if one.set_at is not None
        ]  # fmt: skip
        if not rows:
            return ""
        heads = [words("approvals", "version_heads", name) for name in ("version", "by", "at", "note")]
        shown = table(words("approvals", "versions_about"), heads, rows)
        return (
            f'<details class="so-more so-section"><summary>{words("approvals", "versions")}</summary>{shown}</details>'
        )


def entries(rules: ApprovalRules, kind: Kind) -> list[tuple[str, str]]:
    """Give the name and the line of each entry of a kind; no address of a bot is among them."""
    if kind == "mail":
        return [
            (one.principal, " · ".join(filter(None, (one.principal, one.address, one.zone, one.language))))
            for one in rules.mails
        ]
    if kind == "bot":
        return [
            (one.name, " · ".join(filter(None, (one.name, one.vendor, one.zone, one.language)))) for one in rules.bots
        ]
    if kind == "deputy":
        return [(one.approver, f"{one.approver} → {one.deputy} · {one.after_hours} h") for one in rules.deputies]
    return [(one.market, f"{one.market} · {one.language} · {', '.join(one.readers)}") for one in rules.readers]
