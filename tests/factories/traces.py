"""One person who left traces everywhere: in files, a chat, a session, a note and a mail on disk."""

from agent.assembly import App
from memory.domain.session import Session
from memory.recall.notes import Note
from memory.store.chats import ChatThread
from memory.store.sessions import StoredSession
from tests.factories.imports import CUSTOMER_COLUMNS, Intaker, order_rows, write_csv, write_lines, write_orders
from tests.factories.shop import a_shop

CANARIES = (
    "canary.q7x@people.example.invalid",
    "+4915199887766",
    "Zaphrodella",
    "Quixmoor",
    "Canarygasse 77",
    "#C-4711",
)
"""What identifies the subject: address, number, names, street, order number."""
EMAIL, PHONE = CANARIES[0], CANARIES[1]


def import_all(intaker: Intaker) -> None:
    """Import the subject's and another person's files."""
    mine = {
        "Customer ID": "'77", "First Name": CANARIES[2], "Last Name": CANARIES[3], "Email": EMAIL, "Phone": PHONE,
        "Accepts Email Marketing": "yes", "Default Address Address1": CANARIES[4], "Default Address Zip": "12345",
        "Default Address Country Code": "DE",
    }  # fmt: skip
    other = {"Customer ID": "'78", "First Name": "Ann", "Email": "ann@example.com", "Accepts Email Marketing": "yes"}
    intaker("shopify-customers", write_csv(intaker.folder / "customers.csv", CUSTOMER_COLUMNS, [mine, other]))
    orders = write_orders(
        intaker.folder / "orders.csv",
        order_rows("#1001"),
        order_rows("#C-4711", Email=EMAIL, Shipping_Name=f"{CANARIES[2]} {CANARIES[3]}", Phone=PHONE),
    )
    intaker("shopify-orders", orders)
    statement = {
        "at": "2025-12-01T10:00:00Z", "email": EMAIL, "channel": "email", "status": "granted", "method": "form",
    }  # fmt: skip
    intaker("consent", write_lines(intaker.folder / "consent.jsonl", statement))
    event = {"id": "e1", "at": "2025-12-02T10:00:00Z", "kind": "mail_click", "email": EMAIL, "channel": "email"}
    intaker("events", write_lines(intaker.folder / "events.jsonl", event))


def leave_traces(app: App) -> None:
    """A chat, a recorded session, a note and a mail on disk that name the subject."""
    now, shop = app.clock.now(), a_shop().shop_id
    head = Session.model_validate(
        {
            "id": "s1",
            "shop_id": shop,
            "kind": "chat",
            "principal": "mia",
            "started_at": now,
            "status": "finished",
            "data_version": 0,
            "guardrail_version": "g",
            "seed": 1,
        }
    )
    thread = ChatThread(id="c1", shop_id=shop, principal="mia", session_id="s1", state={"said": EMAIL}, updated_at=now)
    with app.store.unit_of_work() as uow:
        uow.sessions.save(StoredSession(head=head, events=(), cassette=f"body: call {PHONE}", seal="x"))
        uow.chats.put(thread)
    notes = [
        Note(id=name, shop_id=shop, kind="lesson", text=text, source="told", approved_by="mia", at=now)
        for name, text in (("one", f"{CANARIES[2]} {CANARIES[3]} liked it"), ("two", "Short subjects win"))
    ]
    app.recall.remember(notes)
    app.settings.mailbox.mkdir(parents=True)
    (app.settings.mailbox / "1.eml").write_text(f"To: Z <{EMAIL}>\nSubject: Hi\n\nHello {CANARIES[2]}\n")
    (app.settings.mailbox / "2.eml").write_text("To: ann@example.com\nSubject: Hi\n\nHello Ann\n")
