"""Offers in words: figures come from the typed offer and the reader's language, never from free text."""

import re
from datetime import date

from memory.domain.errors import SecondOrderError
from memory.domain.money import Money
from memory.domain.offer import Offer

from .facts import OfferWords
from .templates import load_frame

_TOKEN = re.compile(r"\{(\w+)\}")


class UnknownOfferToken(SecondOrderError):
    """The offer {offer} names {token}, which its incentive does not have; use one of: {known}."""

    http_status = 422


def offer_words(offer: Offer, language: str) -> OfferWords | None:
    """Give the offer in a language; none where its benefit or the frame is not written in it.

    Raises `UnknownOfferToken` where the benefit asks for a figure the incentive does not have.
    """
    frame, benefit = load_frame(language), offer.benefit.get(language)
    if frame is None or not benefit:
        return None
    tokens = offer_tokens(offer, language)
    conditions = frame.conditions_min_spend if offer.limits.min_spend.amount_minor > 0 else frame.conditions
    return OfferWords(benefit=_filled(benefit, tokens, offer.id), conditions=_filled(conditions, tokens, offer.id))


def offer_tokens(offer: Offer, language: str) -> dict[str, str]:
    """Give every figure of an offer as a reader of the language writes it."""
    from babel.dates import format_date
    from babel.numbers import format_percent

    tokens = {
        "min_spend": money_words(offer.limits.min_spend, language),
        "valid_from": format_date(offer.limits.valid_from, "long", locale=language),
        "valid_until": format_date(offer.limits.valid_until, "long", locale=language),
    }
    for name, value in offer.incentive:
        if isinstance(value, Money):
            tokens[name] = money_words(value, language)
        elif isinstance(value, int):
            tokens[name] = str(value)
        elif isinstance(value, float):
            tokens[name] = format_percent(value, locale=language)
        elif isinstance(value, date):
            tokens[name] = format_date(value, "long", locale=language)
    return tokens


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
