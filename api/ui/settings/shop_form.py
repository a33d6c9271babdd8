"""The shop's own fields as a form: what customers see, and what its figures are counted in."""

from typing import Any

from api.ui.shell.parts import do, fill
from api.ui.shell.visitor import Visitor
from api.verbs import shops
from api.verbs.acting import Acting

FIELDS = ("name", "sender_email", "postal_address", "website", "currency", "zone", "home_market")


class ShopForm:
    """The form; others than admins read it."""

    def __init__(self, visitor: Visitor) -> None:
        """Begin with nothing read."""
        acting = visitor.acting()
        self._visitor = visitor
        self._is_admin = acting.principal.may("admin", acting.shop_id)
        self._fields: dict[str, Any] = {}

    def build(self) -> None:
        """Make the form."""
        fill(self._visitor, self._read, self._draw)

    def _read(self, acting: Acting) -> Any:
        return acting.shop(), shops.has_facts(acting)

    def _draw(self, found: Any) -> None:
        from nicegui import ui

        (shop, has_facts), words = found, self._visitor.words
        with ui.element("div").classes("so-fields"):
            for name in FIELDS:
                is_settled = has_facts and name in shops.FIXED
                field = ui.input(words("shop_form", name), value=getattr(shop, name))
                hint = words("shop_form", "settled" if is_settled else f"{name}_why")
                field.props("outlined dense maxlength=300").props["hint"] = hint
                if is_settled or not self._is_admin:
                    field.props("readonly")
                self._fields[name] = field
        if not self._is_admin:
            ui.html(f"<p class='so-soft'>{words('shop_form', 'for_admins')}</p>", sanitize=False)
            return
        with ui.element("div").classes("so-buttons"):
            save = ui.button(words("shop_form", "save"), on_click=self._save)
            save.props("unelevated no-caps color=primary id=so-save-shop")

    async def _save(self) -> None:
        values = {name: str(field.value or "") for name, field in self._fields.items()}
        changed = await do(self._visitor, lambda acting: shops.change(acting, values), "")
        if changed is not None:
            from nicegui import ui

            ui.notify(self._visitor.words("shop_form", "saved"), color="primary", close_button="OK", timeout=8000)
            for name, field in self._fields.items():
                field.set_value(getattr(changed, name))
