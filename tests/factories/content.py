"""Content items as a shop writes them; tests override what they are about."""

from typing import Any

from memory.domain.content import ContentItem

WEB = "https://nord.example.invalid/stories/first-run"


def an_item(**changes: Any) -> ContentItem:
    """A course for everybody, in German and English, with a link per platform."""
    given: dict[str, Any] = {
        "id": "first_run",
        "type": "course",
        "words": {
            "de": {"title": "Dein erster Lauf", "text": "Drei Wochen, drei ruhige Läufe, mit unserem Trainer."},
            "en": {"title": "Your first run", "text": "Three weeks, three easy runs, with our trainer."},
        },
        "links": {"ios": "nord://course/first-run", "android": f"{WEB}?app=android", "web": WEB},
    }
    return ContentItem.model_validate({**given, **changes})
