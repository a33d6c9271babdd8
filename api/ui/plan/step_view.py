"""One step as HTML: who, what, when, exact words on two widths with a gloss beside them, and people it would reach.

A mail is shown in a frame that runs nothing, loads nothing and leads nowhere.
"""

from collections.abc import Sequence
from html import escape

from api.ui.shell.numbers import day, money, whole
from api.ui.shell.parts import notice, table, tabs
from api.ui.shell.visible import visible
from api.ui.shell.words import LOCALE, Words
from api.verbs.recipients import Recipient
from api.verbs.step_looks import LookedAt, SmsCost, StepLook

from .money import offer_words
from .offers_view import offer_parts
from .opened import Opened
from .view import step_title

QUIET = (
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
    'img-src data:"><base target="_blank">'
)
"""Put into a shown mail: it loads nothing, and its links open nothing in a frame that may open nothing."""


def language_name(language: str, words: Words) -> str:
    """Give a language's name in the reader's language, its code where Babel has none."""
    from babel import Locale

    return str(Locale.parse(LOCALE[words.language]).languages.get(language, language))


def render_facts(look: StepLook, zone: str, words: Words) -> str:
    """Give audience, timing, channels, offer and what the step stands for."""
    step, language = look.step, words.language
    at = f"{step.local_minute // 60:02}:{step.local_minute % 60:02}"
    reach = words("plan_page", "reach_of").format(
        n=whole(step.expected_reach, language), cohort=words("cohorts", look.cohort), all=whole(look.n_cohort, language)
    )
    audience = look.audience_words or words("plan_page", "all_of_cohort")
    rows = [
        (words("plan_page", "audience"), f"{escape(audience)}<br><span class='so-soft'>{escape(reach)}</span>"),
        (
            words("cohort"),
            f"{escape(words('cohorts', look.cohort))}<br><span class='so-soft'>{escape(look.cohort_words)}</span>",
        ),
        (
            words("plan_page", "timing"),
            f"{escape(day(step.due_on, language))}, {at}<br>"
            f"<span class='so-soft'>{escape(_timing(look, words))}</span>",
        ),
        (words("plan_page", "channels"), escape(_channels(look, words))),
        (words("plan_page", "serves"), escape(_serves(look, words))),
        (words("plan_page", "cost"), escape(money(step.expected_cost, language))),
    ]
    cells = "".join(f"<div><dt>{escape(name)}</dt><dd>{value}</dd></div>" for name, value in rows)
    offer = look.offer
    carried = (
        f'<details class="so-more" open><summary>{escape(words("offer"))}: '
        f"{escape(offer_words(offer, words))}</summary>"
        f"{offer_parts(offer, words)}</details>"
        if offer else f'<p class="so-soft">{escape(words("plan_page", "carries_none"))}</p>'
    )  # fmt: skip
    title = f"{words.day(step.day)} · {step_title(step, words)}"
    return f'<h3>{escape(title)}</h3><dl class="so-facts so-wide-facts">{cells}</dl>{carried}'


def _timing(look: StepLook, words: Words) -> str:
    step = look.step
    said = [words("plan_page", "triggers", step.trigger)]
    if step.window_days:
        said.append(words("plan_page", "waits").format(n=step.window_days))
    return "; ".join(said)


def _channels(look: StepLook, words: Words) -> str:
    step = look.step
    said = ", ".join(words("channels", channel) for channel in step.channels)
    if step.fallback:
        then = words("channels", step.fallback.channel)
        said += "; " + words("plan_page", "then").format(channel=then, hours=step.fallback.after_hours)
    return said if step.owner == "us" else f"{said} ({words(f'owner_{step.owner}')})"


def _serves(look: StepLook, words: Words) -> str:
    stage, phase = words("stages", look.step.stage), words("phases", look.step.phase)
    flow = words("plan_page", "flow", look.serves) if look.serves else ""
    return " · ".join(filter(None, (phase, stage, flow)))


def render_languages(look: StepLook, opened: Opened) -> str:
    """Give the languages of the step's people as links, with how many read each; unwritten ones are named."""
    words = opened.words
    written = [one for one in look.languages if one.is_written]
    links = [
        (
            opened.address("messages", step=look.step.id, language=one.language),
            f"{language_name(one.language, words)} ({whole(one.n_people, words.language)})",
            one.language == look.language,
        )
        for one in written
    ]
    missing = [
        f"{language_name(one.language, words)} ({whole(one.n_people, words.language)})"
        for one in look.languages
        if not one.is_written
    ]
    note = notice(escape(words("plan_page", "not_written").format(who=", ".join(missing))), "warn") if missing else ""
    title = words("plan_page", "exact")
    choice = tabs(words("plan_page", "languages"), links) if links else ""
    return f'<section class="so-section"><h3>{escape(title)}</h3>{choice}{note}</section>'


def render_messages(look: StepLook, words: Words) -> str:
    """Give each channel's message with its gloss; say so where there is none to show."""
    if not look.messages:
        name = "not_ours" if look.step.owner != "us" else "on_page_only"
        return notice(escape(words("plan_page", name)))
    return "".join(_message(one, look, words) for one in look.messages)


def _message(one: LookedAt, look: StepLook, words: Words) -> str:
    shown = one.shown
    n = words("plan_page", "n_readers").format(n=whole(one.n_people, words.language))
    head = f"<h4>{escape(words('channels', shown.channel))} <span class='so-soft'>{escape(n)}</span></h4>"
    if shown.problem:
        said = f"{words('not_worded')}: {shown.problem}"
        return f'<article class="so-panel">{head}{notice(visible(said), "wrong")}</article>'
    goods = f'<p class="so-soft">{escape(words("plan_page", "goods"))}</p>' if shown.goods_rule else ""
    body = _mail(one, look, words) if shown.html else _short(one, look, words)
    return f'<article class="so-panel so-message">{head}{body}{goods}</article>'


def _mail(one: LookedAt, look: StepLook, words: Words) -> str:
    """Give a mail on desktop and phone width, beside each what it says in the reader's language."""
    shown, name, reader = one.shown, language_name(look.language, words), language_name(words.language, words)
    subject = f'<p><b lang="{escape(look.language)}">{visible(shown.subject)}</b></p>'
    desk = _figure(
        "desktop", _frame(shown.html, words("plan_page", "on_desktop").format(language=name), "so-desk"), words
    )
    phone = _figure(
        "phone", _frame(shown.html, words("plan_page", "on_phone").format(language=name), "so-phone"), words
    )
    if one.gloss is None:
        return f'{subject}{_gloss(one, words)}<div class="so-beside so-widths">{desk}{phone}</div>'
    title = words("plan_page", "on_phone").format(language=reader)
    gloss_phone = _figure("phone_gloss", _frame(one.gloss.html, title, "so-phone"), words)
    return (
        f'{subject}<div class="so-beside">{desk}<div>{_gloss(one, words)}</div></div>'
        f'<div class="so-phones">{phone}{gloss_phone}</div>'
    )


def _figure(name: str, frame: str, words: Words) -> str:
    caption = f'<figcaption class="so-soft">{escape(words("plan_page", name))}</figcaption>'
    return f"<figure>{caption}{frame}</figure>"


def _frame(html: str, title: str, kind: str) -> str:
    quiet = html.replace("<head>", f"<head>{QUIET}", 1) if "<head>" in html else QUIET + html
    return f'<iframe sandbox="" title="{escape(title)}" srcdoc="{escape(quiet)}" class="so-frame {kind}"></iframe>'


def _short(one: LookedAt, look: StepLook, words: Words) -> str:
    subject = f"<b>{visible(one.shown.subject)}</b><br>" if one.shown.channel == "push" and one.shown.subject else ""
    bubble = f'<p class="so-bubble" lang="{escape(look.language)}" dir="auto">{subject}{visible(one.shown.text)}</p>'
    cost = f'<p class="so-soft">{escape(sms_words(one.sms, words))}</p>' if one.sms else ""
    return f'<div class="so-beside"><div>{bubble}{cost}</div><div>{_gloss(one, words)}</div></div>'


def sms_words(sms: SmsCost, words: Words) -> str:
    """Say how long a text is, in how many segments it travels, and what that costs."""
    return words("plan_page", "sms").format(
        n=sms.n_segments, units=sms.n_units, alphabet=sms.alphabet,
        thousand=money(sms.per_thousand, words.language), all=money(sms.all_readers, words.language),
    )  # fmt: skip


def _gloss(one: LookedAt, words: Words) -> str:
    reader = language_name(words.language, words)
    if one.gloss_origin == "same":
        return f'<p class="so-soft">{escape(words("plan_page", "gloss_same").format(language=reader))}</p>'
    if one.gloss is None:
        return f'<p class="so-soft">{escape(words("plan_page", "gloss_none").format(language=reader))}</p>'
    subject = f"<p><b>{visible(one.gloss.subject)}</b></p>" if one.gloss.subject else ""
    about = words("plan_page", "gloss_template").format(language=reader)
    title = words("plan_page", "gloss").format(language=reader)
    return (
        f'<div class="so-gloss"><h5>{escape(title)}</h5><p class="so-soft">{escape(about)}</p>{subject}'
        f'<pre dir="auto" tabindex="0">{visible(one.gloss.text)}</pre></div>'
    )


def render_recipients(found: Sequence[Recipient], opened: Opened, step_id: str) -> str:
    """Give people of the cohort by pseudonym: edges first, then drawn ones, each with its own language's words."""
    words = opened.words
    heads = [words("plan_page", name) for name in ("person", "drawn", "market", "language", "now_on")]
    rows = [
        (
            f"<code>{escape(one.person_id[:14])}</code>",
            escape(words("plan_page", "whys", one.why)),
            escape(one.market or "–"),
            _language_link(one, opened, step_id),
            escape(
                ", ".join(words("channels", channel) for channel in one.channels) or words("plan_page", "unreached")
            ),
        )
        for one in found
    ]
    body = (
        table(words("plan_page", "people_caption"), heads, rows)
        if rows
        else f"<p>{escape(words('plan_page', 'nobody_here'))}</p>"
    )
    about = words("plan_page", "people_about")
    title = words("plan_page", "people")
    return f'<section class="so-section"><h3>{escape(title)}</h3><p class="so-soft">{escape(about)}</p>{body}</section>'


def _language_link(one: Recipient, opened: Opened, step_id: str) -> str:
    name = language_name(one.language, opened.words) if one.language else "–"
    if one.language not in opened.plan.languages:
        return escape(name)
    address = opened.address("messages", step=step_id, language=one.language)
    return f'<a href="{escape(address)}">{escape(name)}</a>'
