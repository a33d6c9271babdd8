"""Finding a person by what is at hand: the pseudonym, an e-mail address, a number, or the shop's customer id."""

from memory.domain.consent import IdentifierKind
from memory.domain.errors import SecondOrderError
from memory.store.unit_of_work import UnitOfWork
from tools.identity.keys import Keys

KINDS: tuple[IdentifierKind, ...] = ("email", "phone", "customer_id")


class UnknownPerson(SecondOrderError):
    """Nobody in shop {shop_id} is known by that; try the e-mail address, the number with its country code or the id."""

    http_status = 404


def find_person(uow: UnitOfWork, key: bytes, shop_id: str, text: str) -> str:
    """Give the person's present pseudonym; raise `UnknownPerson`. What was asked for is kept nowhere."""
    keys = Keys(key, shop_id, uow.shops.get(shop_id).home_market)
    named = [text.strip()]
    named += [found[0] for kind in KINDS if (found := keys.resolve(kind, text))]
    for subject in named:
        person = uow.identities.person_of(subject)
        subjects = uow.erasures.subjects(person)
        if shop_id in uow.erasures.shops(subjects):
            return person
    raise UnknownPerson(shop_id=shop_id)
