"""A worker's part: asks each shop that makes codes for what waits, and looks at redemptions once facts are new."""

from typing import TYPE_CHECKING

import structlog

from memory.domain.codes import SHOP_TOKEN
from memory.domain.errors import NotReady, SecondOrderError

from .alarms import look_at_redemptions
from .confirming import CodesRound, confirm_codes

if TYPE_CHECKING:
    from agent.assembly import App

LOG = structlog.get_logger("second_order.codes")


class CodeKeeper:
    """Keeps the codes of an installation's shops; remembers up to which facts it looked at redemptions."""

    def __init__(self, app: "App") -> None:
        """Look at nothing yet."""
        self._app = app
        self._looked: dict[str, int] = {}

    def keep(self, shop_id: str) -> None:
        """Do what is due in one shop; what cannot be done now is logged and done in the next round."""
        try:
            ask_shop(self._app, shop_id)
        except SecondOrderError as error:
            LOG.warning("codes_wait", shop_id=shop_id, error=type(error).__name__)
        with self._app.store.read() as uow:
            number = uow.versions.number()
        if self._looked.get(shop_id) == number:
            return
        try:
            look_at_redemptions(self._app.store, self._app.lake, shop_id, self._app.clock.now())
        except SecondOrderError as error:
            LOG.warning("redemptions_unseen", shop_id=shop_id, error=type(error).__name__)
            return
        self._looked[shop_id] = number


def ask_shop(app: "App", shop_id: str) -> CodesRound:
    """Ask the shop for the codes that wait; nothing where its codes come from a pool.

    Raise `NotReady` where codes wait and the shop's token is not set.
    """
    with app.store.read() as uow:
        source, waits = uow.code_sources.get(shop_id), uow.codes.waiting(shop_id)
        token = uow.secrets.find(shop_id, SHOP_TOKEN) if waits else ""
    if source is None or source.kind != "shopify" or not waits:
        return CodesRound()
    if not token:
        raise NotReady(
            what="the shop's Admin API",
            why=f"the secret {SHOP_TOKEN} is not set",
            remedy=f"Set it with `secondorder secret set {SHOP_TOKEN}`",
        )
    asked = app.code_shop(source, token)
    try:
        return confirm_codes(app.store, asked, app.clock, shop_id)
    finally:
        asked.close()
