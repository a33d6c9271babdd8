"""Rendering: words of the right language with facts in their slots, or the reason why there are none."""

from memory.domain.market import Channel, Language
from memory.domain.outcome import Blocked

from .compiled import Slots, compiled_mail, slots, subject_line
from .facts import Copy, CopyFacts, clean
from .templates import Frame, load_frame, load_template


def render(
    name: str, language: Language, facts: CopyFacts, channel: Channel = "email", subject_no: int = 0
) -> Copy | Blocked:
    """Give subject, text and HTML of a message, with the template's subject line of that number.

    A language without words is `Blocked`; nothing falls back in silence. A push opens its link when it is tapped and
    does not print it.
    Every value is escaped in HTML; names are cut and cleaned of control and invisible characters.
    """
    frame, template = load_frame(language), load_template(name, language)
    if frame is None or template is None:
        return Blocked(
            rule="languages",
            code="no_language",
            message=f"There are no words for {name} in {language!r}; write prompts/messages/{name}/{language}.yaml.",
        )
    if channel != "email":
        has_code = facts.offer is not None and bool(facts.offer.code)
        short = template.short_with_code if has_code and template.short_with_code else template.short
        return _short(short, subject_line(template, subject_no), frame, facts, channel)
    has_content, is_receipt = bool(facts.content), bool(facts.receipt_why)
    has_offer, n_goods = (False, 0) if is_receipt else (facts.offer is not None, len(facts.goods))
    has_code = has_offer and facts.offer is not None and bool(facts.offer.code)
    compiled = compiled_mail(name, language, has_offer, n_goods, subject_no, has_content, has_code, is_receipt)
    assert compiled is not None
    values = _values(frame, facts)
    return Copy(subject=compiled.subject.fill(values), text=compiled.text.fill(values), html=compiled.html.fill(values))


def _values(frame: Frame, facts: CopyFacts) -> dict[str, str]:
    name, shop = clean(facts.first_name), clean(facts.shop)
    greeting = frame.greeting.replace("{first_name}", name) if name else frame.greeting_nameless
    values = {
        "shop": shop,
        "first_name": name,
        "greeting": greeting,
        "signature": frame.signature.replace("{shop}", shop),
        "why_you": facts.receipt_why or frame.why_you.replace("{shop}", shop),
        "preferences": frame.fewer if facts.is_at_risk else frame.preferences,
        "preferences_url": facts.preferences_url,
        "unsubscribe": frame.unsubscribe,
        "unsubscribe_url": facts.unsubscribe_url,
        "postal_address": facts.postal_address,
        "url": facts.url,
    }
    if facts.content:
        values["content"] = facts.content
    if facts.offer is not None:
        values |= {"offer": facts.offer.benefit, "conditions": facts.offer.conditions}
        values |= {"code_line": facts.offer.code_line}
    for n, article in enumerate(facts.goods):
        values |= {f"title_{n}": clean(article.title), f"url_{n}": article.url}
    return values


def _short(words: str, subject: str, frame: Frame, facts: CopyFacts, channel: Channel) -> Copy:
    values = _values(frame, facts)
    parts = [Slots(slots(words), escape=False).fill(values)]
    if facts.content_title:
        parts.append(facts.content_title)
    if facts.offer is not None:
        parts.append(f"{facts.offer.benefit} {facts.offer.conditions}")
        parts += [facts.offer.code_line] if facts.offer.code else []
    if channel == "sms":
        parts = [f"{values['shop']}: {parts[0]}", *parts[1:], facts.url, frame.stop]
    return Copy(subject=Slots(slots(subject), escape=False).fill(values), text=" ".join(parts))
