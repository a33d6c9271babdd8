"""The recorder keeps a chain that cannot be changed unseen, and a cassette that vcrpy can read."""

from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest

from agent.sessions.cassette import Exchange, from_yaml, to_yaml
from agent.sessions.chain import SessionTampered
from agent.sessions.recorder import Recorder
from agent.sessions.transport import AnswerTooLarge, CassetteMiss, PlaybackTransport, RecordingTransport
from agent.sessions.verify import verify
from memory.domain.clock import ManualClock
from memory.domain.errors import Conflict
from memory.store.engine import Store, open_store
from memory.store.tables import metadata

KEY = b"k" * 32
CLOCK = ManualClock(datetime(2026, 12, 1, 9, tzinfo=UTC))


def begun(session_id: str = "s-one") -> Recorder:
    recorder = Recorder.begin(
        CLOCK, KEY, shop_id="shop", kind="plan", principal="anna", session_id=session_id, start={"brief": {}}
    )
    recorder.record("tool_call", {"tool": "store_overview", "arguments": {}})
    recorder.record("tool_result", {"tool": "store_overview", "result": {"n_people": 3}})
    return recorder


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = open_store(f"sqlite:///{tmp_path}/test.db")
    metadata.create_all(store.engine)
    return store


def test_dc_09_a_session_is_stored_and_read_back_with_its_seal(store: Store) -> None:
    recorder = begun()
    recorder.finish("finished", plan_id="p1")
    with store.unit_of_work() as uow:
        recorder.save(uow)
    with store.read() as uow:
        stored = uow.sessions.get("s-one")
        heads = uow.sessions.all(["shop"])
    verify(KEY, stored)
    assert stored == recorder.stored()
    assert [head.id for head in heads] == ["s-one"]


def test_dc_09_a_stored_session_can_be_resumed_and_only_grows(store: Store) -> None:
    recorder = begun()
    with store.unit_of_work() as uow:
        recorder.save(uow)
        again = Recorder.resume(CLOCK, KEY, uow.sessions.get("s-one"))
        again.record("user", {"text": "hello"})
        again.save(uow)
        assert len(uow.sessions.get("s-one").events) == 4
    other = begun()
    other.record("user", {"text": "something else"})
    with pytest.raises(Conflict), store.unit_of_work() as uow:
        other.save(uow)


def test_c7_a_wrong_key_or_a_cut_tail_is_seen() -> None:
    stored = begun().stored()
    with pytest.raises(SessionTampered, match="seal"):
        verify(b"another key", stored)
    with pytest.raises(SessionTampered, match="seal"):
        verify(KEY, stored.model_copy(update={"events": stored.events[:-1]}))
    with pytest.raises(SessionTampered, match="seal"):
        verify(KEY, stored.model_copy(update={"head": stored.head.model_copy(update={"status": "finished"})}))


def test_c7_changed_moved_and_spliced_entries_are_seen_without_a_key() -> None:
    stored = begun().stored()
    first, second, third = stored.events
    changed = second.model_copy(update={"body": {"tool": "submit_plan"}})
    foreign = begun("s-two").stored().events
    for events in [(first, changed, third), (first, third, second), (second, third), foreign, ()]:
        with pytest.raises(SessionTampered):
            verify(None, stored.model_copy(update={"events": events}))


def test_c7_a_cassette_of_another_session_is_seen() -> None:
    recorder = begun()
    recorder.keep(Exchange(method="POST", path="/v1/chat/completions", body="{}", status=200, answer="{}"))
    stored = recorder.stored()
    verify(KEY, stored)
    other = stored.cassette.replace("code: 200", "code: 200").replace("string: '{}'", "string: '{\"a\":1}'")
    assert other != stored.cassette
    with pytest.raises(SessionTampered, match="cassette"):
        verify(None, stored.model_copy(update={"cassette": other}))


def test_dc_09_the_cassette_is_vcrpys_own_format(tmp_path: Path) -> None:
    from vcr.cassette import Cassette

    exchange = Exchange(method="POST", path="/v1/chat/completions", body='{"a": "德国"}', status=200, answer='{"b": 1}')
    (tmp_path / "c.yaml").write_text(to_yaml([exchange]), encoding="utf-8")
    loaded = Cassette.load(path=str(tmp_path / "c.yaml"))
    assert [request.path for request in loaded.requests] == ["/v1/chat/completions"]
    assert from_yaml(to_yaml([exchange])) == [exchange]


def test_c6_no_key_address_or_cookie_enters_the_cassette() -> None:
    def answer(_request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, json={"ok": 1}, headers={"set-cookie": "id=secret-cookie", "x-request-id": "r-77"})

    kept: list[Exchange] = []
    client = httpx2.Client(transport=RecordingTransport(httpx2.MockTransport(answer), kept.append))
    client.post("http://10.1.2.3:8042/v1/x", json={"q": 1}, headers={"authorization": "Bearer secret-key"})
    text = to_yaml(kept)
    assert "secret" not in text and "r-77" not in text and "10.1.2.3" not in text
    assert kept[0].answer == '{"ok":1}'


def test_c1_an_endless_answer_is_cut_off() -> None:
    transport = RecordingTransport(
        httpx2.MockTransport(lambda _request: httpx2.Response(200, content=b"x" * 2_000_000)), lambda _exchange: None
    )
    with pytest.raises(AnswerTooLarge), httpx2.Client(transport=transport) as client:
        client.get("http://llm.invalid/")


def test_dc_09_playback_answers_only_what_was_recorded_and_names_the_difference() -> None:
    exchange = Exchange(method="POST", path="/v1/x", body='{"b": [1, 2], "a": 1}', status=200, answer='{"r": 1}')
    player = PlaybackTransport([exchange])
    with httpx2.Client(transport=player) as client:
        with pytest.raises(CassetteMiss, match="differs at /b/1"):
            client.post("http://other.invalid/v1/x", json={"a": 1, "b": [1, 3]})
        assert client.post("http://other.invalid/v1/x", json={"a": 1, "b": [1, 2]}).json() == {"r": 1}
        assert player.n_left == 0
        with pytest.raises(CassetteMiss, match="after the last"):
            client.post("http://other.invalid/v1/x", json={"a": 1, "b": [1, 2]})
