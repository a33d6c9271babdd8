"""Offers in words: figures come from the typed offer and the reader's language, never from free text."""

import re
from datetime import date
from decimal import Decimal

from memory.domain.errors import SecondOrderError
from memory.domain.money import Money
from memory.domain.offer import (
    BonusPoints,
    Discount,
    EarlyAccess,
    FreeExpeditedShipping,
    GiftWithPurchase,
    Offer,
    PointsMultiple,
    ReferralReward,
    StoreCredit,
)

from .facts import OfferWords
from .templates import load_frame

_TOKEN = re.compile(r"\{(\w+)\}")


class UnknownOfferToken(SecondOrderError):
    """The offer {offer} names {token}, which its incentive does not have; use one of: {known}."""

    http_status = 422


def offer_words(offer: Offer, language: str) -> OfferWords | None:
    """Give the offer in a language; none where its benefit or the frame is not written in it.

    Raises `UnknownOfferToken` where the benefit asks for a figure the incentive does not have. The last day is
    said once: under the benefit, unless the benefit says it itself.
    """
    frame, benefit = load_frame(language), offer.benefit.get(language)
    if frame is None or not benefit:
        return None
    tokens = offer_tokens(offer, language)
    conditions = "" if "{until}" in benefit else _filled(frame.conditions, tokens, offer.id)
    return OfferWords(benefit=_filled(benefit, tokens, offer.id), conditions=conditions)


def coded(words: OfferWords, code: str, language: str) -> OfferWords:
    """Give an offer's words with the person's own code, said to be theirs alone and for one use."""
    frame = load_frame(language)
    assert frame is not None, "an offer has words only where its language has a frame"
    line = frame.code.replace("{code}", code)
    return words.model_copy(update={"code": code, "code_line": line})


def offer_tokens(offer: Offer, language: str) -> dict[str, str]:
    """Give every figure of an offer as a reader of the language writes it."""
    limits = offer.limits
    tokens = {
        "min_spend": money_words(limits.min_spend, language),
        "from": _day(limits.valid_from, language),
        "until": _day(limits.valid_until, language),
    }
    match offer.incentive:
        case StoreCredit() as credit:
            tokens["amount"] = money_words(credit.amount, language)
            tokens["from"] = _day(credit.redeemable_from or limits.valid_from, language)
        case Discount() as discount:
            tokens["amount"] = money_words(limits.min_spend.scaled(Decimal(str(discount.rate))), language)
        case GiftWithPurchase(price=Money() as price):
            tokens["amount"] = money_words(price, language)
        case ReferralReward() as reward:
            tokens["amount"] = money_words(reward.referrer, language)
        case FreeExpeditedShipping() as shipping:
            tokens["amount"] = money_words(shipping.cost, language)
        case BonusPoints() as bonus:
            tokens["points"] = str(bonus.points)
        case PointsMultiple() as multiple:
            tokens["factor"] = str(multiple.factor)
        case EarlyAccess() as early:
            tokens["hours"] = str(early.hours)
    return tokens


def _day(day: date, language: str) -> str:
    from babel.dates import format_date

    return str(format_date(day, "long", locale=language))


def money_words(money: Money, language: str) -> str:
    """Give a sum as a reader of the language writes it; whole sums without decimals."""
    from babel.numbers import format_currency

    whole = money.major() == money.major().to_integral_value()
    text: str = format_currency(money.major(), money.currency, locale=language, currency_digits=not whole)
    return re.sub(r"[.,]0+(?=\D*$)", "", text) if whole else text


def _filled(words: str, tokens: dict[str, str], offer_id: str) -> str:
    def value(match: re.Match[str]) -> str:
        if match[1] not in tokens:
            raise UnknownOfferToken(offer=offer_id, token=match[0], known=", ".join(sorted(tokens)))
        return tokens[match[1]]

    return _TOKEN.sub(value, words)
