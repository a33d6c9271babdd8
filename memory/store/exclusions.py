"""Exclusions: addresses of people whom other tools must leave out."""

from datetime import date
from typing import Any

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from memory.domain.standing import CORE, WITHHELD

from .assignments import Assignments
from .consents import SuppressionRow
from .contacts import ContactRow, Contacts
from .identities import Identities
from .plans import Plans
from .standing import Standing


class Exclusions:
    """Reads addresses; contact data, for principals who may see it."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def withheld(self, shop_id: str, on: date) -> set[tuple[str, str]]:
        """Give (email, phone) of people withheld now: by live plans, and by the shop's standing holdout."""
        experiments = {
            each.plan.holdout.experiment_id: {"control", WITHHELD}
            for each in Plans(self._session).all(shop_id)
            if each.status in ("live", "paused")
        }
        standing = Standing(self._session).get(shop_id)
        if standing is not None:
            experiments |= {CORE: {"control"}, standing.rotating(on): {"control"}}
        people: set[str] = set()
        for experiment_id, arms in experiments.items():
            table = Assignments(self._session).arms(shop_id, experiment_id).to_pydict()
            people |= {who for who, arm in zip(table["person_id"], table["arm"], strict=True) if arm in arms}
        present = set(Identities(self._session).people_of(people).values())
        return Contacts(self._session).addresses_of(shop_id, present)

    def suppressed(self, shop_id: str) -> set[tuple[str, str]]:
        """Give (email, '') and ('', phone) of addresses on the shop's suppression lists that we still know."""
        on_list: Any = and_(
            col(SuppressionRow.shop_id) == ContactRow.shop_id,
            or_(
                and_(
                    col(SuppressionRow.channel) == "email",
                    col(SuppressionRow.address_key) == ContactRow.email_key,
                ),
                and_(
                    col(SuppressionRow.channel) == "sms",
                    col(SuppressionRow.address_key) == ContactRow.phone_key,
                ),
            ),
        )
        query = select(ContactRow.email, ContactRow.phone, SuppressionRow.channel).join(SuppressionRow, on_list)
        rows = self._session.connection().execute(query.where(ContactRow.shop_id == shop_id))
        return {(email, "") if channel == "email" else ("", phone) for email, phone, channel in rows}
