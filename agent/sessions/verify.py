"""Trust in a session: its chain, its traffic and its seal, checked before anything reads it."""

import hmac

from memory.domain.canonical import content_hash
from memory.domain.errors import InvalidInput
from memory.store.sessions import StoredSession

from .cassette import from_yaml
from .chain import SessionTampered, seal, verify_chain


def verify(key: bytes | None, stored: StoredSession) -> None:
    """Raise `SessionTampered` unless chain, cassette and seal agree.

    Without a key only what needs none is checked: a session recorded by another installation is then known to be
    consistent in itself, not to be theirs.
    """
    session_id = stored.head.id
    verify_chain(session_id, stored.events)
    if key is not None:
        expected = seal(key, stored.head, stored.events, stored.cassette)
        if not hmac.compare_digest(expected.encode(), stored.seal.encode()):
            raise SessionTampered(session_id=session_id, why="its seal does not fit its content")
    _check_traffic(stored)


def _check_traffic(stored: StoredSession) -> None:
    try:
        exchanges = from_yaml(stored.cassette)
    except InvalidInput as error:
        raise SessionTampered(session_id=stored.head.id, why=str(error)) from None
    noted = [
        (event.body.get("request"), event.body.get("answer")) for event in stored.events if event.kind == "exchange"
    ]
    found = [(content_hash(exchange.body), content_hash(exchange.answer)) for exchange in exchanges]
    if noted != found:
        raise SessionTampered(session_id=stored.head.id, why="its cassette is not the one its entries name")
