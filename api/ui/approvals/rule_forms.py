"""The small forms of the rules around approvals: a label on every field, one button each."""

from collections.abc import Awaitable, Callable
from typing import Any, Literal, get_args

from api.ui.shell.parts import do
from api.ui.shell.visitor import Visitor
from api.verbs import approval_rules
from api.verbs.acting import Acting
from api.verbs.approval_rules import Colleague
from memory.domain.approval_rules import BOT_VENDORS
from memory.domain.errors import InvalidInput

Kind = Literal["mail", "bot", "deputy", "reader"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SPOKEN = {"en": "English", "zh": "中文"}


class Forms:
    """The forms; `again` draws the part anew after something was saved."""

    def __init__(
        self, visitor: Visitor, colleagues: tuple[Colleague, ...], again: Callable[[], Awaitable[None]]
    ) -> None:
        """Offer the people of the shop."""
        self._visitor, self._again = visitor, again
        self._people = {one.id: f"{one.name} ({one.id})" for one in colleagues}
        self._approvers = {one.id: self._people[one.id] for one in colleagues if one.may_approve}

    def build(self, kind: Kind) -> None:
        """Make the form of a kind."""
        from nicegui import ui

        makers: dict[Kind, Callable[[], Callable[[Acting], Any]]] = {
            "mail": self._mail, "bot": self._bot, "deputy": self._deputy, "reader": self._reader
        }  # fmt: skip
        with ui.element("div").classes("so-fields"):
            save = makers[kind]()

        async def saved() -> None:
            if await do(self._visitor, save, self._visitor.words("approvals", "saved")) is not None:
                await self._again()

        button = ui.button(self._visitor.words("approvals", "save"), on_click=saved)
        button.props(f"outline no-caps color=primary id=save-{kind}")

    def _mail(self) -> Callable[[Acting], Any]:
        who, address = self._choice("who", self._people), self._text("address", "type=email")
        zone, language = self._text("zone"), self._choice("language", SPOKEN, "en")
        return lambda acting: approval_rules.set_mail(
            acting,
            approval_rules.made_mail(
                principal=who.value or "", address=(address.value or "").strip(), zone=(zone.value or "").strip(),
                language=language.value,
            ),
        )  # fmt: skip

    def _bot(self) -> Callable[[Acting], Any]:
        name, vendor = self._text("bot_name"), self._choice("vendor", {one: self._vendor(one) for one in BOT_VENDORS})
        url, secret = self._secret("bot_url"), self._secret("bot_secret")
        zone, language = self._text("zone"), self._choice("language", SPOKEN, "en")

        def save(acting: Acting) -> Any:
            if not vendor.value:
                raise InvalidInput(what="the bot", why="no vendor is chosen", remedy="Choose one")
            bot = approval_rules.made_bot(
                name=(name.value or "").strip().lower(), vendor=vendor.value, zone=(zone.value or "").strip(),
                language=language.value,
            )  # fmt: skip
            return approval_rules.set_bot(acting, bot, url.value or "", secret.value or "")

        return save

    def _deputy(self) -> Callable[[Acting], Any]:
        approver, deputy = self._choice("approver", self._approvers), self._choice("deputy", self._people)
        hours = self._text("hours", "inputmode=numeric")
        hours.value = "24"
        return lambda acting: approval_rules.set_deputy(
            acting,
            approval_rules.made_deputy(
                approver=approver.value or "", deputy=deputy.value or "", after_hours=(hours.value or "").strip()
            ),
        )

    def _reader(self) -> Callable[[Acting], Any]:
        market, language = self._text("market"), self._text("reads")
        readers = self._choice("readers", self._people, multiple=True)
        return lambda acting: approval_rules.set_reader(
            acting,
            approval_rules.made_reader(
                market=(market.value or "").strip().upper(), language=(language.value or "").strip().lower(),
                readers=tuple(readers.value or ()),
            ),
        )  # fmt: skip

    def _vendor(self, vendor: str) -> str:
        return self._visitor.words("approvals", "vendors", vendor)

    def _text(self, name: str, props: str = "") -> Any:
        from nicegui import ui

        return ui.input(self._visitor.words("approvals", "fields", name)).props(f"outlined dense maxlength=254 {props}")

    def _secret(self, name: str) -> Any:
        """A secret is typed unseen and never shown again."""
        from nicegui import ui

        field = ui.input(self._visitor.words("approvals", "fields", name), password=True)
        return field.props("outlined dense maxlength=1000 autocomplete=off")

    def _choice(self, name: str, options: dict[str, str], value: str | None = None, *, multiple: bool = False) -> Any:
        from nicegui import ui

        label = self._visitor.words("approvals", "fields", name)
        chosen: Any = [] if multiple else value
        return ui.select(options, label=label, value=chosen, multiple=multiple).props("outlined dense options-dense")
