"""Channels and the language model as HTML: what is set, how it stands, and what to set."""

from html import escape

from api.ui.shell.numbers import instant, whole
from api.ui.shell.parts import status
from api.ui.shell.visible import visible
from api.ui.shell.words import Words
from api.verbs.channels import ChannelStatus, WarmUpStatus
from api.verbs.llm import LlmStatus

VARIABLES = {
    "email": ("SECONDORDER_SMTP_URL", "SECONDORDER_MAIL_FROM"),
    "sms": ("SECONDORDER_TWILIO_ACCOUNT", "SECONDORDER_TWILIO_TOKEN", "SECONDORDER_TWILIO_FROM"),
    "push": ("SECONDORDER_FCM_CREDENTIALS",),
    "llm": ("SECONDORDER_LLM_BASE_URL", "SECONDORDER_LLM_MODEL", "SECONDORDER_LLM_API_KEY"),
}
"""What sets each of them up; docs/settings.md says the rest."""


def render_channel(one: ChannelStatus, words: Words, zone: str) -> str:
    """Give one channel: whether it reaches people, what it speaks, what is in its way."""
    name = words.known("connect", "channels", one.channel, otherwise="other")
    state = status(words("connect", "live"), "") if one.is_live else status(words("connect", "not_live"), "waiting")
    lines = [f"<p class='so-soft'>{visible(one.contract)}</p>"]
    if not one.is_live:
        lines.append(render_variables(one.channel, words))
    if not one.is_ready:
        lines.append(f"<p>{escape(words('connect', 'no_list'))}</p>")
    if one.circuit != "closed":
        lines.append(f"<p class='so-bad'>{escape(words('connect', 'rests'))} {visible(one.trouble)}</p>")
    if one.warm_up is not None:
        lines.append(_warm_up(one.warm_up, words, zone))
    return f"<h4>{escape(name)} {state}</h4>{''.join(lines)}"


def render_llm(found: LlmStatus, words: Words) -> str:
    """Give the language model: its name and address, or what to set and that everything works without."""
    title = escape(words("connect", "llm"))
    if not found.llm:
        off = status(words("connect", "no_llm"), "waiting")
        return f"<h4>{title} {off}</h4><p>{escape(words('connect', 'by_rule'))}</p>{render_variables('llm', words)}"
    key = words("connect", "key" if found.has_key else "no_key")
    return (
        f"<h4>{title} {status(words('connect', 'set'))}</h4>"
        f"<p><b>{visible(found.llm)}</b><br><span class='so-soft'>{visible(found.address)} · {escape(key)}</span></p>"
    )


def render_variables(name: str, words: Words) -> str:
    """Give the environment settings that set something up."""
    listed = "".join(f"<li><code>{one}</code></li>" for one in VARIABLES.get(name, ()))
    return f"<p class='so-soft'>{escape(words('connect', 'to_set'))}</p><ul class='so-codes'>{listed}</ul>"


def _warm_up(one: WarmUpStatus, words: Words, zone: str) -> str:
    if one.paused_at is not None:
        at = instant(one.paused_at, zone, words.language)
        said = words("connect", "paused").format(at=at)
        return f"<p class='so-bad'>{escape(said)} {visible(one.reason)}</p>"
    if one.is_done or one.ceiling is None:
        return f"<p>{escape(words('connect', 'warm').format(domain=one.domain))}</p>"
    said = words("connect", "warming").format(
        domain=one.domain, most=whole(one.ceiling, words.language), held=whole(one.n_held, words.language)
    )
    return f"<p>{escape(said)}</p>"
