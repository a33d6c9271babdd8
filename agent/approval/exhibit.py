"""What an approver sees before deciding: every message as it will be worded, and one hash over all of it.

The words come from the same code that composes what is sent. Only what differs per person is a mark here: the first
name, the goods picked when the step is due, and the unsubscribe link.
"""

import hashlib
import re
from types import SimpleNamespace
from urllib.parse import urlsplit

from agent.dispatch.goods import Shown
from agent.dispatch.words import Sheet, compose, sample_code
from memory.domain.base import Frozen
from memory.domain.canonical import content_hash
from memory.domain.cohort import CohortId
from memory.domain.consent import Contact
from memory.domain.guardrails import Guardrails
from memory.domain.market import Channel, Language, Shop
from memory.domain.message import MessageClass, Rendered
from memory.domain.plan import Plan, Step
from memory.store.unit_of_work import UnitOfWork

SAMPLE = Contact(subject_id="sample", email="reader@example.invalid", phone="+000", push_token="-", first_name="[NAME]")  # noqa: S106  no secret
LINKS = "https://link.invalid"
SENT: tuple[Channel, ...] = ("email", "sms", "push")
N_KEPT = 256
_HASHES: dict[str, str] = {}
"""Hashes of what was shown last, by the hash of plan, shop and guardrails; templates stay while a process lives."""
_ADDRESS = re.compile(r"https?://[^\s<>\"')]+")


class ShownMessage(Frozen):
    """One message as its readers will get it."""

    step_id: str
    """The step."""
    cohort: CohortId
    """Whose journey."""
    day: int
    """Days after the anchor date."""
    channel: Channel
    """Where it goes."""
    language: Language
    """In which language."""
    message_class: MessageClass
    """Its class."""
    subject: str = ""
    """Its exact subject."""
    text: str = ""
    """Its exact text part."""
    html: str = ""
    """Its exact HTML part; empty where the channel has none."""
    goods_rule: str = ""
    """How its goods are picked per person; empty where it names none."""
    hosts: tuple[str, ...] = ()
    """Every host it links to, in ASCII, so that a letter that only looks like another one shows."""
    problem: str = ""
    """Why there is no such message; readers of this language then get none."""
    shown_hash: str
    """SHA-256 over all of the above."""


def shown_messages(plan: Plan, shop: Shop, guardrails: Guardrails) -> tuple[ShownMessage, ...]:
    """Give every message of the plan per step, channel and language, in order of the plan."""
    sheet = Sheet(shop=shop, key=b"shown to the approver", public_url=LINKS)
    return tuple(
        _shown(plan, step, journey.cohort, channel, language, guardrails, sheet)
        for journey in plan.journeys
        for step in journey.steps
        if step.owner == "us"
        for channel in _channels(step)
        for language in plan.languages
    )


def step_messages(
    plan: Plan, step_id: str, shop: Shop, guardrails: Guardrails, languages: tuple[Language, ...]
) -> tuple[ShownMessage, ...]:
    """Give one step's messages per channel in some languages, worded as `shown_messages` words them.

    There are none for a step of another sender, and none for an unknown one.
    """
    sheet = Sheet(shop=shop, key=b"shown to the approver", public_url=LINKS)
    return tuple(
        _shown(plan, step, journey.cohort, channel, language, guardrails, sheet)
        for journey in plan.journeys
        for step in journey.steps
        if step.id == step_id and step.owner == "us"
        for channel in _channels(step)
        for language in languages
    )


def hash_of(messages: tuple[ShownMessage, ...]) -> str:
    """Give the hash that stands for everything shown."""
    return content_hash([message.shown_hash for message in messages])


def shown_hash(uow: UnitOfWork, plan: Plan) -> str:
    """Give the hash of what an approver of the plan is shown at this instant.

    Wording hundreds of messages takes a good part of a second, and every click asks: the hash is remembered in this
    process by all that the words are made of.
    """
    shop, guardrails = uow.shops.get(plan.shop_id), uow.guardrails.current(plan.shop_id)
    made_of = content_hash([plan.id, shop.model_dump(mode="json"), guardrails.model_dump(mode="json")])
    known = _HASHES.get(made_of)
    if known is None:
        known = _HASHES[made_of] = hash_of(shown_messages(plan, shop, guardrails))
        while len(_HASHES) > N_KEPT:
            _HASHES.pop(next(iter(_HASHES)), None)
    return known


def _channels(step: Step) -> tuple[Channel, ...]:
    second = (step.fallback.channel,) if step.fallback else ()
    return tuple(channel for channel in SENT if channel in {*step.channels, *second})


def _shown(
    plan: Plan,
    step: Step,
    cohort: CohortId,
    channel: Channel,
    language: Language,
    guardrails: Guardrails,
    sheet: Sheet,
) -> ShownMessage:
    row = SimpleNamespace(
        send_key="sample",
        shop_id=plan.shop_id,
        plan_id=plan.id,
        step_id=step.id,
        person_id="sample",
        channel=channel,
        language=language,
        message_kind=step.kind,
        message_class=step.message_class,
        template=f"{step.template}@{step.template_version}",
        offer_id=step.offer_id or "",
        subject_no=0,
    )
    made = compose(row, SAMPLE, plan, guardrails, None, sheet, Shown(), code=sample_code(row, plan))
    words = {"problem": made} if isinstance(made, str) else _words(made)
    fields = {
        "step_id": step.id,
        "cohort": cohort,
        "day": step.day,
        "channel": channel,
        "language": language,
        "message_class": step.message_class,
        "goods_rule": step.goods.rule if step.goods else "",
        **words,
    }
    return ShownMessage(**fields, shown_hash=content_hash(fields))


def _words(made: Rendered) -> dict[str, object]:
    hosts = sorted(
        {_ascii(found) for found in _ADDRESS.findall(f"{made.text} {made.html} {made.link}")} - {urlsplit(LINKS).netloc}
    )
    return {"subject": made.subject, "text": made.text, "html": made.html, "hosts": hosts}


def _ascii(address: str) -> str:
    host = urlsplit(address).hostname or ""
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return f"(not a host) {hashlib.sha256(host.encode('utf-8', 'replace')).hexdigest()[:8]}"
