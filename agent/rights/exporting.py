"""A copy of everything held about a person in one shop: as JSON, or as a zip that holds it."""

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

from pydantic_core import to_jsonable_python
from sqlmodel import col, select

from memory.domain.facts import LAKE_SCHEMAS, PLAIN_SCHEMAS
from memory.lake.forgetting import PERSON_COLUMNS
from memory.store.consents import SuppressionRow
from memory.store.contacts import ContactRow
from memory.store.erasures import OWNED, Owned
from memory.store.outbox import OutboxRow
from memory.store.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from agent.assembly import App

FORMAT = "second-order/person@1"
SECRET = ("email_key", "phone_key", "push_key")


def export_person(app: "App", shop_id: str, person_id: str) -> dict[str, Any]:
    """Give everything the shop holds about the person: contact, permissions, choices, messages, facts, decisions."""
    with app.store.read() as uow:
        subjects = sorted(uow.erasures.subjects(person_id))
        versions = {**uow.batches.lake_versions(), **uow.versions.latest().tables}
        held = _store(uow, shop_id, person_id, subjects)
        literals = uow.erasures.literals(subjects)
    held["facts"] = _facts(app, versions, shop_id, subjects)
    held["notes"] = _notes(app, shop_id, literals)
    found: dict[str, Any] = to_jsonable_python(
        {"format": FORMAT, "shop_id": shop_id, "person_id": person_id, "made_at": app.clock.now(), **held}
    )
    return found


def as_zip(exported: dict[str, Any]) -> bytes:
    """Give the copy as a zip with one JSON file per part."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for part, value in exported.items():
            file.writestr(f"{part}.json", json.dumps(value, ensure_ascii=False, indent=2))
    return packed.getvalue()


def _store(uow: UnitOfWork, shop_id: str, person_id: str, subjects: list[str]) -> dict[str, Any]:
    contacts = uow.session.exec(
        select(ContactRow).where(ContactRow.shop_id == shop_id, col(ContactRow.subject_id).in_(subjects))
    ).all()
    keys = {key for row in contacts for key in (row.email_key, row.phone_key, row.push_key) if key}
    suppressed = select(SuppressionRow).where(
        SuppressionRow.shop_id == shop_id, col(SuppressionRow.address_key).in_(sorted(keys))
    )
    messages = select(OutboxRow).where(OutboxRow.shop_id == shop_id, col(OutboxRow.person_id).in_(subjects))
    return {
        "records": subjects,
        "contact": [row.model_dump(exclude=set(SECRET)) for row in contacts],
        "state": uow.person_state.get(shop_id, [person_id]).to_pylist(),
        "consents": [event.model_dump() for event in uow.consents.ledger(shop_id, person_id)],
        "suppressions": [row.model_dump(exclude={"address_key"}) for row in uow.session.exec(suppressed)],
        "preference": uow.preferences.of(shop_id, person_id).model_dump(),
        "preference_history": [event.model_dump() for event in uow.preferences.history(shop_id, person_id)],
        "risk_band": uow.preferences.bands(shop_id, [person_id]).get(person_id, "low"),
        "messages": [row.model_dump() for row in uow.session.exec(messages)],
        **{owned.part: _rows(uow, owned, shop_id, subjects) for owned in OWNED if owned.part},
        "identity_links": [row.model_dump() for row in uow.identities.links_of(subjects)],
    }


def _rows(uow: UnitOfWork, owned: Owned, shop_id: str, subjects: list[str]) -> list[dict[str, Any]]:
    query = select(owned.row).where(col(owned.row.shop_id) == shop_id, owned.of(subjects))
    return [row.model_dump() for row in uow.session.exec(query)]


def _facts(app: "App", versions: dict[str, int], shop_id: str, subjects: list[str]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    schemas = {**LAKE_SCHEMAS, **PLAIN_SCHEMAS}
    with app.lake.open(versions, [shop_id]) as view:
        for table in sorted(set(versions) & set(schemas)):
            columns = [name for name in PERSON_COLUMNS if name in schemas[table].names]
            if not columns:
                continue
            rows = view.raw(table)
            is_theirs = rows[columns[0]].isin(subjects)
            for name in columns[1:]:
                is_theirs = is_theirs | rows[name].isin(subjects)
            if theirs := rows.filter(is_theirs).to_pyarrow().to_pylist():
                found[table] = theirs
    return found


def _notes(app: "App", shop_id: str, literals: tuple[str, ...]) -> list[str]:
    if not (app.settings.home / "recall").exists():
        return []
    return [
        note.text
        for note in app.recall.all(shop_id)
        if any(literal.casefold() in note.text.casefold() for literal in literals)
    ]
