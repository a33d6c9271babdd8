"""Hard selling has no place in gentle messages: phrases that press, per language, and where one is found (S1-65)."""

import re

from memory.domain.market import Language
from memory.domain.message import TOUCH_OF, MessageKind

HARD_SELL: dict[Language, tuple[str, ...]] = {
    "en": (
        "buy now", "order now", "shop now", "act now", "hurry", "last chance", "only today", "today only",
        "don't miss", "while stocks last", "limited time", "best price", "lowest price", "ends tonight", "final hours",
    ),
    "de": (
        "jetzt kaufen", "jetzt bestellen", "jetzt zugreifen", "nur heute", "letzte chance", "nur solange",
        "solange der", "schnell sein", "beeilen", "nicht verpassen", "bestpreis", "tiefpreis", "endet heute",
    ),
    "fr": (
        "achetez maintenant", "commandez maintenant", "dernière chance", "aujourd'hui seulement", "vite",
        "dépêchez-vous", "ne manquez pas", "meilleur prix", "stocks limités", "durée limitée",
    ),
    "es": (
        "compra ahora", "compra ya", "pide ahora", "pide ya", "date prisa", "corre que se acaba", "última oportunidad",
        "últimas horas", "solo hoy", "hoy solamente", "no te lo pierdas", "no te pierdas", "hasta agotar existencias",
        "tiempo limitado", "mejor precio", "el precio más bajo", "termina hoy", "acaba hoy",
    ),
    "ja": (
        "今すぐ購入", "今すぐ注文", "お急ぎ", "本日限り", "最後のチャンス", "見逃さない", "見逃すな", "最安値",
        "期間限定", "在庫限り",
    ),
    "zh": (
        "立即购买", "马上抢", "立即抢购", "抢购", "最后机会", "仅限今天", "今日限定", "不要错过", "别错过", "手慢无",
        "最低价", "限时", "秒杀",
    ),
}  # fmt: skip
"""Phrases that press people to buy, lower case. A language without any can't be told gentle."""


def is_gentle(kind: MessageKind) -> bool:
    """Say whether a kind of message is one of the four gentle touches."""
    return kind in TOUCH_OF


def hard_sell(language: Language, *texts: str) -> tuple[str, ...]:
    """Give the pressing phrases of the language in these texts, in order; words inside others don't count."""
    said = "\n".join(texts).casefold().replace("’", "'")
    return tuple(phrase for phrase in HARD_SELL.get(language, ()) if _has(said, phrase))


def refused_tone(kind: MessageKind, language: Language, *texts: str) -> str:
    """Give why a gentle message may not speak like this, or nothing: `hard_sell`, or `unknown_tone` of a language."""
    if not is_gentle(kind):
        return ""
    if language not in HARD_SELL:
        return "unknown_tone"
    return "hard_sell" if hard_sell(language, *texts) else ""


def _has(said: str, phrase: str) -> bool:
    if not phrase.isascii() and not any("a" <= char <= "z" for char in phrase):
        return phrase in said  # Chinese and Japanese put no spaces between words
    return re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", said) is not None
