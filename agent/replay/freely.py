"""Playing a recording under changed circumstances: the model's words in their order, whatever they are asked."""

from collections.abc import Sequence
from typing import Any

import httpx2

from agent.llm.bench import Bench, ToolRecord
from agent.sessions.cassette import Exchange, body_difference, same_body
from agent.sessions.recorder import Recorder
from agent.sessions.transport import PlaybackTransport
from agent.toolbox.desk import Desk
from agent.toolbox.registry import tool_of


class FreePlayback(PlaybackTransport):
    """Answers request n with recorded answer n and notes where the request is another one."""

    def __init__(self, exchanges: Sequence[Exchange]) -> None:
        """Play these exchanges."""
        super().__init__(exchanges)
        self._all = list(exchanges)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Give the next recorded answer; raise `CassetteMiss` after the last."""
        if not self.n_left:
            raise self._miss(f"request {self.n_played + 1} comes after the last recorded one")
        exchange = self._all[self.n_played]
        self.n_played += 1
        body = request.read().decode("utf-8", "replace")
        if not same_body(body, exchange.body):
            self.drift.append(f"request {self.n_played} differs at {body_difference(exchange.body, body)}")
        return httpx2.Response(
            exchange.status, headers=exchange.headers, content=exchange.answer.encode(), request=request
        )


class FreeBench(Bench):
    """Runs tools over the recorded facts; a call that reads the shop's facts gets the answer recorded for it."""

    def __init__(self, desk: Desk, recorder: Recorder, allowed: Sequence[str], records: Sequence[ToolRecord]) -> None:
        """Work over these answers."""
        super().__init__(desk, recorder, allowed)
        self._known = list(records)

    def _answer(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        tool = tool_of(name)
        if tool is not None and tool.reads_facts and name in self.allowed:
            for one in self._known:
                if (one.tool, one.arguments) == (name, arguments):
                    return one.result
        return super()._answer(name, arguments)
