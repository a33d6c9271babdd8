"""Chat over server-sent events."""

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import StreamingResponse
from pydantic import Field

from agent.chat.events import ChatEvent
from agent.chat.state import ChatLanguage
from api.http.access import Acting, needs
from api.http.errors import GUARDED
from api.verbs import chat
from memory.domain.base import Frozen
from memory.domain.errors import SecondOrderError

router = APIRouter(prefix="/api/chat", tags=["chat"], responses=GUARDED)
EXAMPLE = 'event: text\ndata: {"kind":"text","text":"The plan spends at most 2,000 EUR."}\n\n'
EVENT: dict[str, Any] = {
    "type": "object",
    "description": "One event; `data` is the JSON of the event.",
    "properties": {"event": {"type": "string"}, "data": {"type": "string"}},
    "required": ["event", "data"],
}
MAX_TEXT = 4_000


class Utterance(Frozen):
    """What the marketer says."""

    text: Annotated[str, Field(min_length=1, max_length=MAX_TEXT, examples=["德国别发短信,预算两千欧,VIP 先买"])]
    """In Chinese or English."""
    chat_id: Annotated[str, Field(max_length=64)] = ""
    """The thread to go on with; a new one is made where none is given, and `done` names it."""


@router.post(
    "",
    response_model=None,
    responses={
        200: {
            "description": "A stream of events: text, tool, plan, refused, diff, error; the last one is done or error.",
            "content": {"text/event-stream": {"schema": EVENT, "example": EXAMPLE}},
        }
    },
)
def take_turn(acting: Annotated[Acting, Depends(needs("plan"))], body: Utterance) -> StreamingResponse:
    """Take one turn: draft, ask why, change, undo. Each event is `event: KIND` and `data: JSON`."""
    chat_id = body.chat_id or chat.open_chat(acting)
    events = chat.turn(acting, chat_id, body.text)
    headers = {"X-Chat-Id": chat_id, "X-Accel-Buffering": "no"}
    return StreamingResponse(_stream(events), media_type="text/event-stream", headers=headers)


@router.get("", response_model=tuple[chat.ListedChat, ...])
def list_chats(acting: Annotated[Acting, Depends(needs("read"))]) -> tuple[chat.ListedChat, ...]:
    """List your own earlier threads, last used first."""
    return chat.list_chats(acting)


@router.get("/{chat_id}", response_model=chat.ChatNow)
def show_chat(
    acting: Annotated[Acting, Depends(needs("read"))], chat_id: str, language: ChatLanguage = "en"
) -> chat.ChatNow:
    """Show one of your own threads: what was said, the plan that stands, what one could say next."""
    return chat.show(acting, chat_id, language)


def _stream(events: Iterator[ChatEvent]) -> Iterator[str]:
    """Give server-sent events; an error in the middle is the last event, since the status has been sent."""
    try:
        for event in events:
            yield f"event: {event.kind}\ndata: {event.model_dump_json()}\n\n"
    except SecondOrderError as error:
        from api.http.errors import ErrorBody

        body = ErrorBody(code=error.code, message=str(error))
        yield f"event: error\ndata: {body.model_dump_json()}\n\n"
