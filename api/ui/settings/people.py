"""People and roles: who may do what in this shop; admins change it."""

from typing import Any, get_args

from api.ui.shell.asking import Question, ask
from api.ui.shell.parts import do, empty, fill, refill, status
from api.ui.shell.visible import visible
from api.ui.shell.visitor import Visitor
from api.verbs import principals
from api.verbs.acting import Acting
from api.verbs.principals import Colleague
from memory.domain.principal import Role

GIVEN: tuple[Role, ...] = tuple(role for role in get_args(Role) if role not in ("agent", "intake"))
"""Roles that people get; the others belong to programs."""
MAX_LISTED = 200


class People:
    """The list with its forms."""

    def __init__(self, visitor: Visitor) -> None:
        """Begin with nothing read."""
        acting = visitor.acting()
        self._visitor = visitor
        self._is_admin = acting.principal.may("admin", acting.shop_id)
        self._me = acting.principal.id

    def build(self) -> None:
        """Make the part; others than admins are told whom to ask."""
        from nicegui import ui

        words = self._visitor.words
        if not self._is_admin:
            ui.html(empty(words("people_part", "closed"), words("people_part", "closed_more")), sanitize=False)
            self._own_password()
            return
        self._part = fill(self._visitor, principals.every, self._draw)
        with ui.element("section").classes("so-section"):
            ui.html(f"<h3>{words('people_part', 'add_title')}</h3>", sanitize=False)
            with ui.element("div").classes("so-fields"):
                self._id = ui.input(words("people_part", "id")).props("outlined dense maxlength=64")
                self._id.props["hint"] = words("people_part", "id_why")
                self._name = ui.input(words("people_part", "name")).props("outlined dense maxlength=100")
                self._role = ui.select(self._roles(), value="viewer", label=words("people_part", "role"))
                self._role.props("outlined dense")
            with ui.element("div").classes("so-buttons"):
                add = ui.button(words("people_part", "add"), on_click=self._add)
                add.props("unelevated no-caps color=primary id=so-add-person")
        self._own_password()

    def _roles(self) -> dict[str, str]:
        return {role: self._visitor.words("roles", role) for role in GIVEN}

    def _draw(self, found: tuple[Colleague, ...]) -> None:
        from nicegui import ui

        words = self._visitor.words
        for one in found[:MAX_LISTED]:
            who = one.principal
            with ui.element("article").classes("so-panel so-person"):
                state = words("people_part", "password" if one.has_password else "no_password")
                ui.html(
                    f"<h4>{visible(who.name)} <span class='so-soft'>{visible(who.id)}</span></h4>"
                    f"<p class='so-soft'>{state}</p>",
                    sanitize=False,
                )
                with ui.element("div").classes("so-buttons"):
                    for grant in who.grants:
                        name = words("roles", grant.role)
                        ui.html(status(name), sanitize=False)
                        take = ui.button(words("people_part", "revoke"), on_click=self._revoker(who.id, grant.role))
                        take.props("flat no-caps dense color=primary").props["aria-label"] = (
                            f"{words('people_part', 'revoke')}: {name}, {who.name}"
                        )
                self._deeds(one)
        if len(found) > MAX_LISTED:
            said = words("people_part", "more").format(n=len(found) - MAX_LISTED)
            ui.html(f"<p class='so-soft'>{said}</p>", sanitize=False)

    def _deeds(self, one: Colleague) -> None:
        from nicegui import ui

        words, who = self._visitor.words, one.principal
        with ui.expansion(words("people_part", "change")).props(f'aria-label="{words("people_part", "change")}"'):
            with ui.element("div").classes("so-buttons"):
                role = ui.select(self._roles(), value="viewer", label=words("people_part", "role"))
                role.props("outlined dense")
                give = ui.button(words("people_part", "grant"), on_click=lambda: self._grant(who.id, str(role.value)))
                give.props("outline no-caps color=primary")
            if who.id != self._me and not any(grant.role == "approver" for grant in who.grants):
                self._password_field(who.id, words("people_part", "their_password"))
            if who.id != self._me:
                end = ui.button(words("people_part", "end"), on_click=self._ender(who.id))
                end.props("flat no-caps color=negative")

    def _own_password(self) -> None:
        from nicegui import ui

        words = self._visitor.words
        with ui.element("section").classes("so-section"):
            ui.html(f"<h3>{words('people_part', 'own_title')}</h3>", sanitize=False)
            ui.html(f"<p class='so-soft'>{words('people_part', 'own_more')}</p>", sanitize=False)
            self._password_field(self._me, words("people_part", "own_password"))

    def _password_field(self, principal_id: str, label: str) -> None:
        from nicegui import ui

        words = self._visitor.words

        async def choose() -> None:
            text, said = str(typed.value or ""), words("people_part", "chosen")
            await do(self._visitor, lambda acting: principals.choose_password(acting, principal_id, text), said)
            if not typed.is_deleted:
                typed.set_value("")

        with ui.element("div").classes("so-buttons"):
            typed = ui.input(label, password=True).props("outlined dense maxlength=256 autocomplete=new-password")
            ui.button(words("people_part", "choose"), on_click=choose).props("outline no-caps color=primary")

    async def _add(self) -> None:
        words, given = self._visitor.words, [str(one.value or "") for one in (self._id, self._name, self._role)]

        def add(acting: Acting) -> Any:
            return principals.add(acting, *given)

        if await do(self._visitor, add, words("people_part", "added")) is not None:
            self._id.set_value("")
            self._name.set_value("")
            await self._again()

    async def _grant(self, principal_id: str, role: str) -> None:
        said = self._visitor.words("people_part", "granted")
        await do(self._visitor, lambda acting: principals.grant(acting, principal_id, role), said)
        await self._again()

    def _revoker(self, principal_id: str, role: str) -> Any:
        async def revoke() -> None:
            if await self._sure("revoke"):
                said = self._visitor.words("people_part", "revoked")
                await do(self._visitor, lambda acting: principals.revoke(acting, principal_id, role), said)
                await self._again()

        return revoke

    def _ender(self, principal_id: str) -> Any:
        async def end() -> None:
            if await self._sure("end"):
                said = self._visitor.words("people_part", "ended")
                await do(self._visitor, lambda acting: principals.end(acting, principal_id), said)
                await self._again()

        return end

    async def _sure(self, name: str) -> bool:
        words = self._visitor.words
        question = Question(
            title=words("people_part", name), text=words("people_part", f"{name}_text"), yes=words("people_part", name),
            no=words("stop", "cancel"), is_harsh=True,
        )  # fmt: skip
        return await ask(question, back_to="so-add-person") is not None

    async def _again(self) -> None:
        await refill(self._visitor, self._part, principals.every, self._draw)
