"""HTML of the support page: a person by pseudonym, what they were sent and why."""

from html import escape

from api.ui.shell.numbers import instant, language_name
from api.ui.shell.parts import status, table
from api.ui.shell.visible import visible
from api.ui.shell.words import Words
from api.verbs.support import FoundPerson, WhyMessage


def person_head(person: FoundPerson, words: Words) -> str:
    """Give a person by pseudonym with how each channel stands."""
    channels = " ".join(
        status(
            f"{words('channels', one.channel)}: "
            + words("support", "blocked" if one.is_suppressed else "agreed" if one.is_consented else "not_agreed"),
            "" if one.is_consented and not one.is_suppressed else "rejected",
        )
        for one in person.channels
    )
    return f"<h3><code>{escape(person.person_id)}</code></h3><p>{channels}</p>"


def language_note(theirs: str, shown: str, words: Words) -> str:
    """Say whether the answer is in the customer's language."""
    if not theirs:
        return words("support", "no_language")
    if theirs == shown:
        return words("support", "theirs")
    return words("support", "not_theirs").format(language=language_name(theirs, words.language))


def why_table(messages: tuple[WhyMessage, ...], words: Words, zone: str) -> str:
    """Give what a person was sent and why, newest first."""
    if not messages:
        return f'<p class="so-section">{escape(words("no_messages"))}</p>'
    heads = [words(name) for name in ("due", "message", "became", "because", "approval")]
    rows = [_row(one, words, zone) for one in messages]
    return f'<div class="so-section">{table(words("support", "messages"), heads, rows)}</div>'


def _row(one: WhyMessage, words: Words, zone: str) -> tuple[str, ...]:
    message = one.message
    return (
        f"<time>{escape(instant(message.due_at, zone, words.language))}</time>",
        f"{escape(words('channels', message.channel))} · {visible(message.message_kind)}<br>"
        f"<code>{escape(message.template)}</code>",
        escape(" ".join(filter(None, (message.state, message.reason)))),
        f"{visible(one.why)}<br>{escape(words('chosen'))}: {visible(one.chosen_reason or '–')}",
        f"{visible(one.approved_by)}<br><code>{escape(one.approval_id[:12])}</code>",
    )
