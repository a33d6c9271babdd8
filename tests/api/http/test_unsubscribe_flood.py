"""D7: a flood of posts on the unsubscribe endpoint while mails leave; whoever really clicks is heard."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient

from agent.assembly import App
from api.http import unsubscribe
from api.http.app import create_api
from eval.faults.world import SHOP
from memory.domain.message import HandOff, Rendered
from tests.api.http.test_mail_links import N, hundred, rows_of, sent
from tools.channels.memory import MemorySender
from tools.links.unsubscribe import PATH, token

pytestmark = pytest.mark.slow
__all__ = ["hundred"]

N_JUNK, N_LEAVE, N_AGAIN = 150, 15, 4
THREADS = 8
CLICK = {"List-Unsubscribe": "One-Click"}


class Flood:
    """Posts from many threads at once: clicks of people, repeated, among tokens that are forged, cut or another's."""

    def __init__(self, app: App, client: TestClient, chance: random.Random) -> None:
        self.client = client
        with app.store.read() as uow:
            rows = uow.outbox.due(SHOP.shop_id, "email", app.clock.now(), N, lock=False)
        self.leaving = chance.sample(rows[N // 2 :], N_LEAVE)
        self.tokens = {row.send_key: token(app.key, SHOP.shop_id, row.person_id, "email") for row in self.leaving}
        valid = next(iter(self.tokens.values()))
        self.junk = [self._junk(valid, row.person_id, chance) for row in chance.choices(rows, k=N_JUNK)]
        self.answered: set[str] = set()
        self.status: Counter[tuple[str, int]] = Counter()

    def _junk(self, valid: str, person: str, chance: random.Random) -> str:
        kinds = (
            lambda: token(chance.randbytes(32), SHOP.shop_id, person, "email"),  # another installation's
            lambda: valid[: chance.randrange(len(valid))],
            lambda: valid[:-3] + "".join(chance.choices("abcXYZ019", k=3)) + "A",
            lambda: "".join(chance.choices("abcdefghijklmnop-_", k=500)),
        )
        return chance.choice(kinds)() or "x"

    def run(self, chance: random.Random) -> None:
        posts = [(send_key, text) for send_key, text in self.tokens.items() for _ in range(N_AGAIN)]
        posts += [("", text) for text in self.junk]
        chance.shuffle(posts)
        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(lambda one: self._post(*one), posts))

    def _post(self, send_key: str, text: str) -> None:
        answer = self.client.post(PATH + text, data=CLICK, follow_redirects=False)
        self.status["valid" if send_key else "junk", answer.status_code] += 1
        if send_key and answer.status_code == 200:
            self.answered.add(send_key)


class Beside(MemorySender):
    """Lets the flood come while the first mails are handed off; notes what left after its people were told."""

    def __init__(self, app: App, flood: Flood, chance: random.Random) -> None:
        super().__init__(app.clock)
        self.flood, self.chance = flood, chance
        self.late: list[str] = []

    def hand_off(self, message: Rendered) -> HandOff:
        if not self.messages:
            self.flood.run(self.chance)
        if message.send_key in self.flood.answered:
            self.late.append(message.send_key)
        return super().hand_off(message)


def flooded(app: App, client: TestClient) -> tuple[Flood, Beside, Any]:
    chance = random.Random(5)
    flood = Flood(app, client, chance)
    sender = Beside(app, flood, chance)
    return flood, sender, sent(app, sender)


def test_d7_in_a_flood_every_click_counts_and_the_sender_goes_on(hundred: App) -> None:
    api = create_api(hundred)
    with TestClient(api, raise_server_exceptions=False) as client:
        flood, sender, report = flooded(hundred, client)
        assert flood.status == {("valid", 200): N_LEAVE * N_AGAIN, ("junk", 404): N_JUNK}, "neither 429 nor 5xx"
        assert sender.late == []
        assert report.n_sent == N - N_LEAVE
        assert sum(report.suppressed.values()) == N_LEAVE
        limits = api.state.limits
        assert not any(len(each) for each in vars(limits).values()), "nothing is kept per caller or token"
        late_click = token(hundred.key, SHOP.shop_id, "p00001", "email")
        assert client.post(PATH + late_click, data=CLICK).status_code == 200, "nobody is locked out afterwards"
    with hundred.store.read() as uow:
        told = {row.person_id for row in flood.leaving} | {"p00001"}
        assert all(uow.consents.latest(SHOP.shop_id, person, "email").status == "revoked" for person in told)  # type: ignore[union-attr]


def test_d7_what_is_forged_cut_or_repeated_writes_nothing(hundred: App) -> None:
    with TestClient(create_api(hundred), raise_server_exceptions=False) as client:
        flood = Flood(hundred, client, random.Random(5))
        clicked = PATH + next(iter(flood.tokens.values()))
        client.post(clicked, data=CLICK)
        before = rows_of(hundred)
        for text in flood.junk[:60]:
            client.post(PATH + text, data=CLICK)
        assert client.post(clicked, data=CLICK).status_code == 200
        assert rows_of(hundred) == before


def test_d7_planted_a_click_that_is_only_answered_is_caught(hundred: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unsubscribe, "_is_done", lambda *_: True)
    with TestClient(create_api(hundred), raise_server_exceptions=False) as client:
        _, sender, report = flooded(hundred, client)
    assert len(sender.late) == N_LEAVE
    assert report.n_sent == N
