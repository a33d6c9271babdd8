"""By which way a notice leaves: the mail sender, or the bot of a chat group; retried while nothing was taken."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from tenacity import Retrying, retry_if_result, stop_after_attempt, wait_random_exponential

from agent.approval.rules import secret_name, url_name
from agent.monday.telling import card_to_tell
from agent.monday.words import card_said
from memory.domain.approval_notice import ApprovalNotice
from memory.domain.approval_rules import ChatBot, MailTo
from memory.domain.message import HandOff, Refused, Rendered
from tools.notify import BotAddress, Said, bot_of, post

from .digests import digest_said
from .people import without_people
from .request_words import Told, trial_words, words_of

if TYPE_CHECKING:
    from agent.assembly import App
    from memory.store.unit_of_work import UnitOfWork

MAIL_ATTEMPTS = 3
SLEEP: Callable[[float], None] = time.sleep
"""How a retry waits; tests do not."""


class NoWay(Exception):
    """The way of a notice is not set up any more. Kept inside this package."""


def hand_off(app: "App", notice: ApprovalNotice) -> HandOff:
    """Hand a notice off by its way. What a person wrote (the plan's title) leaves without customers' contacts."""
    kind, _, name = notice.way.partition(":")
    if notice.kind == "monday":
        return _card_by_bot(app, notice.shop_id, name)
    if notice.kind == "digest":
        return _digest_by_mail(app, notice, name)
    with app.store.read() as uow:
        rules, shop = uow.approval_rules.current(notice.shop_id), uow.shops.get(notice.shop_id)
        approval = uow.approvals.get(notice.approval_id)
        title = without_people(uow, notice.shop_id, uow.plans.get(approval.plan_id).plan.title)[:120]
        passed = next(iter(uow.approval_passes.of(approval.id)), None)
        told = Told(
            approval=approval, kind=notice.kind, title=title, shop=shop.name,
            in_place_of=passed.approver if passed else "", deputy=passed.deputy if passed else "",
            link=f"{app.settings.public_url}/ui/approvals/{approval.id}?view=summary",
        )  # fmt: skip
        address = _address(uow, notice.shop_id, name) if kind == "bot" else BotAddress(url="")
    bot = next((one for one in rules.bots if kind == "bot" and one.name == name), None)
    if bot is not None:
        return _by_bot(app, bot, address, words_of(told, bot.language, bot.zone or shop.zone))
    mail = next((one for one in rules.mails if kind == "mail" and one.principal == name), None)
    if mail is None:
        raise NoWay("the way was taken away")
    return _by_mail(app, notice, mail, words_of(told, mail.language, mail.zone or shop.zone))


def try_bot(app: "App", shop_id: str, bot: ChatBot) -> HandOff:
    """Say by a bot that it is set up, so that its people see it, and give the vendor's answer."""
    with app.store.read() as uow:
        shop = uow.shops.get(shop_id)
        address = _address(uow, shop_id, bot.name)
    said = trial_words(shop.name, bot.language, f"{app.settings.public_url}/ui/approvals")
    return _by_bot(app, bot, address, said)


def _card_by_bot(app: "App", shop_id: str, name: str) -> HandOff:
    """Let a bot say the week's card as it stands now, in the language and by the clock of its group."""
    with app.store.read() as uow:
        shop, address = uow.shops.get(shop_id), _address(uow, shop_id, name)
        bot = next((one for one in uow.approval_rules.current(shop_id).bots if one.name == name), None)
        card = card_to_tell(uow, shop_id, app.clock.now())
    if bot is None:
        raise NoWay("the way was taken away")
    said = card_said(card, bot.language, bot.zone or shop.zone, shop.name, app.settings.public_url)
    return _by_bot(app, bot, address, said)


def _digest_by_mail(app: "App", notice: ApprovalNotice, name: str) -> HandOff:
    with app.store.read() as uow:
        rules, shop = uow.approval_rules.current(notice.shop_id), uow.shops.get(notice.shop_id)
        mail = next((one for one in rules.mails if one.principal == name), None)
        if mail is None:
            raise NoWay("the way was taken away")
        said = digest_said(uow, notice, shop, mail, app.settings.public_url, app.clock.now())
    return _by_mail(app, notice, mail, said)


def _by_bot(app: "App", bot: ChatBot, address: BotAddress, said: Said) -> HandOff:
    local = app.settings.channels_allow_loopback
    return post(bot_of(bot.vendor), address, said, app.clock.now(), allows_loopback=local, sleep=SLEEP)


def _by_mail(app: "App", notice: ApprovalNotice, mail: MailTo, said: Said) -> HandOff:
    message = Rendered(
        send_key=notice.id,
        channel="email",
        message_class="transactional",
        to=mail.address,
        subject=said.title,
        text="\n".join((*said.lines, "", f"{said.link_words}: {said.link}", "")),
        sender=app.settings.mail_from,
        language=mail.language,
    )
    found: HandOff = Retrying(
        stop=stop_after_attempt(MAIL_ATTEMPTS),
        wait=wait_random_exponential(multiplier=0.5, max=2),
        retry=retry_if_result(lambda answer: isinstance(answer, Refused) and answer.is_retryable),
        retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
        sleep=SLEEP,
    )(app.channels["email"].hand_off, message)
    return found


def _address(uow: "UnitOfWork", shop_id: str, bot: str) -> BotAddress:
    url = uow.secrets.find(shop_id, url_name(bot))
    if not url:
        raise NoWay("the bot has no address")
    return BotAddress(url=url, secret=uow.secrets.find(shop_id, secret_name(bot)))
