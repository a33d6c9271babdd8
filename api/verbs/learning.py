"""Learning: what measured plans taught, read once their window is over."""

from typing import TYPE_CHECKING

from memory.domain.base import Frozen
from memory.domain.lesson import Lesson

from .acting import Acting
from .plans import SpokenLanguage, get

if TYPE_CHECKING:
    from agent.learning.learning import Learned


class ShownLesson(Frozen):
    """A lesson with its sentence."""

    id: str
    """Its name; the note in recall has the same."""
    lesson: Lesson
    """What was measured."""
    words: str
    """The same in a sentence."""


def learn(acting: Acting, plan_id: str) -> "Learned":
    """Read a plan's final lift and keep what it taught; raises `NotReady` while its window is open."""
    from agent.learning.learning import learn as read

    acting.require("plan")
    plan, app = get(acting, plan_id).plan, acting.app
    return read(app.store, app.lake, app.recall, app.clock, plan.shop_id, plan.id)


def lessons(acting: Acting, language: SpokenLanguage = "en") -> tuple[ShownLesson, ...]:
    """Give what the shop's measured plans taught, oldest first."""
    from agent.learning.words import lesson_words

    acting.require("read")
    with acting.app.store.read() as uow:
        found = uow.lessons.of(acting.shop_id)
    return tuple(ShownLesson(id=one.id, lesson=one, words=lesson_words(one, language)) for one in found)
