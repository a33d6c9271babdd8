"""D7 over a hundred sent mails: looking at every link changes nothing, and one click holds from the next claim on."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from agent.assembly import App, assemble
from agent.dispatch import dispatch
from agent.settings import load_settings
from api.http.app import create_api
from eval.faults.cap_race import prepare, race_at
from eval.faults.world import KEY, SHOP, a_context, a_plan, sqlite_url
from memory.domain.clock import ManualClock
from memory.domain.message import HandOff, Rendered
from memory.store.tables import metadata
from tools.channels.memory import MemorySender
from tools.links.unsubscribe import PATH, token

pytestmark = pytest.mark.slow

N = 100
PUBLIC = "https://mails.example.invalid"
LINK = re.compile(r"https?://[^\s\"'<>]+")


@pytest.fixture
def hundred(home: Path) -> Iterator[App]:
    """An installation in which a hundred mails are due."""
    (home / "secret.key").write_bytes(KEY)
    assert prepare(sqlite_url(home / "secondorder.db"), N, per_person=1) == N
    app = assemble(load_settings(home=home), ManualClock(race_at(a_plan(a_context()))))
    yield app
    app.close()


def sent(app: App, sender: Any) -> Any:
    return dispatch(app.store, {"email": sender}, app.clock, app.key, SHOP.shop_id, public_url=PUBLIC)


def own_paths(messages: list[Rendered]) -> set[str]:
    """The paths of every link of ours that these mails hold."""
    links = {link for one in messages for link in LINK.findall(f"{one.text} {one.html} {one.unsubscribe_url}")}
    return {link.removeprefix(PUBLIC) for link in links if link.startswith(PUBLIC)}


def rows_of(app: App) -> dict[str, list[Any]]:
    """Every row of every table, to be compared."""
    with app.store.engine.connect() as connection:
        return {
            table.name: list(connection.execute(text(f'SELECT * FROM "{table.name}"')).all())
            for table in metadata.sorted_tables
        }


def test_d7_a_scanner_that_opens_every_link_of_a_hundred_mails_changes_nothing(hundred: App) -> None:
    sender = MemorySender(hundred.clock)
    assert sent(hundred, sender).n_sent == N
    paths = own_paths(list(sender.messages.values()))
    assert len([path for path in paths if path.startswith(PATH)]) == N
    before = rows_of(hundred)
    assert before["outbox"]
    with TestClient(create_api(hundred), raise_server_exceptions=False) as client:
        answers = {client.get(path, follow_redirects=False).status_code for path in sorted(paths)}
        assert answers == {200}
        assert rows_of(hundred) == before
        client.post(min(path for path in paths if path.startswith(PATH)))
        assert rows_of(hundred) != before, "the comparison sees what a click does"


class OneLeaves(MemorySender):
    """While the first mail is handed off, the person of another one clicks."""

    def __init__(self, app: App, client: TestClient, path: str) -> None:
        super().__init__(app.clock)
        self.client, self.path = client, path
        self.status = 0

    def hand_off(self, message: Rendered) -> HandOff:
        if not self.status:
            self.status = self.client.post(self.path, data={"List-Unsubscribe": "One-Click"}).status_code
        return super().hand_off(message)


@pytest.mark.parametrize("place", [1, 50, N - 1])
def test_d7_a_click_during_a_run_keeps_that_mail_from_leaving_although_it_was_claimed(hundred: App, place: int) -> None:
    with hundred.store.read() as uow:
        row = uow.outbox.due(SHOP.shop_id, "email", hundred.clock.now(), N, lock=False)[place]
    path = PATH + token(hundred.key, SHOP.shop_id, row.person_id, "email")
    with TestClient(create_api(hundred), raise_server_exceptions=False) as client:
        sender = OneLeaves(hundred, client, path)
        report = sent(hundred, sender)
    assert sender.status == 200
    assert (report.n_sent, report.n_unknown) == (N - 1, 0)
    assert row.send_key not in sender.messages
