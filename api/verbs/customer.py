"""Who orders: what a shop's checkout knows of a customer, and the pseudonym that it leads to."""

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from memory.domain.base import Frozen

from .acting import Acting

if TYPE_CHECKING:
    from memory.store.unit_of_work import UnitOfWork

Written = Annotated[str, Field(min_length=1, max_length=200)]


class Customer(Frozen):
    """Who orders, by what the shop knows; only pseudonyms are kept."""

    email: Written | None = None
    """The address."""
    phone: Written | None = None
    """The number."""
    customer_id: Written | None = None
    """The shop's own id."""


def person_of(acting: Acting, uow: "UnitOfWork", customer: Customer) -> str:
    """Give the customer's pseudonym; empty where nothing usable names one, and for who was erased."""
    from tools.identity.keys import Keys

    keys = Keys(acting.app.key, acting.shop_id, uow.shops.get(acting.shop_id).home_market)
    named = (("email", customer.email), ("phone", customer.phone), ("customer_id", customer.customer_id))
    for kind, text in named:
        found = keys.resolve(kind, text) if text else None  # type: ignore[arg-type]
        if found:
            person = uow.identities.person_of(found[0])
            known = uow.person_state.get(acting.shop_id, [person]).to_pylist()
            return "" if any(row["is_erased"] for row in known) else person
    return ""
