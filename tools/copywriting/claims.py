"""Claims that no fact stands behind: figures, numerals as words, price idioms, superlatives and dates in free words.

Copy carries figures only as tokens that code fills (`{amount}`), so any other figure is unbound. Read per language,
after full-width signs are made plain; tokens are left out first.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple

from memory.domain.market import Language

ClaimKind = Literal["figure", "numeral", "price_idiom", "superlative", "date"]
TOKEN = re.compile(r"\{\w+\}")
FIGURE = re.compile(r"\d+(?:[.,]\d+)*\s*%?|[%‰]|[$€£¥₩₹]")
"""Digits of any script, percent and currency signs."""


class Claim(NamedTuple):
    """One unbound claim."""

    kind: ClaimKind
    """What it is."""
    words: str
    """The words as they stand."""


class _Words(NamedTuple):
    """What a language says claims with; fragments of regular expressions, lower case."""

    numerals: str
    """Numbers as words."""
    units: str
    """What makes a number before it a figure of an offer."""
    idioms: tuple[str, ...]
    """Ways to name a price or a share without a number."""
    superlatives: tuple[str, ...]
    """Comparisons with everything else."""
    dates: tuple[str, ...]
    """Days by name."""


_EN = _Words(
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy"
    r"|eighty|ninety|hundred|thousand)(?:[- ](?:one|two|three|four|five|six|seven|eight|nine|hundred|thousand))?",
    r"per ?cent|percent|dollars?|bucks|euros?|pounds?|cents?|points?|days?|hours?|weeks?|times the",
    (
        r"half[- ]price", r"half off", r"half the price", r"(?:a|one) (?:third|quarter|half|tenth|fifth) off",
        r"buy one,? get one", r"two for one", r"double (?:the )?(?:points|credit|discount)", r"triple (?:the )?points",
        r"(?:a )?fraction of the price", r"for nothing", r"at cost price",
        r"(?:save|take) (?:a|one) (?:third|quarter|half)", r"twice the (?:points|credit|discount)",
    ),
    (
        r"the best", r"best[- ](?:price|ever|in the world|quality|value|offer|deal)s?", r"the cheapest",
        r"the lowest", r"lowest prices?", r"number one", r"no\. ?one", r"world's (?:best|first|finest)",
        r"unbeatable", r"unrivalled", r"unrivaled", r"the greatest", r"the finest",
        r"the most (?:affordable|popular|loved|wanted|advanced|effective|trusted|beautiful|durable)",
        r"once in a lifetime",
        r"never before", r"market leader", r"the only \w+ (?:that|which)",
    ),
    (
        r"(?:mon|tues|wednes|thurs|fri|satur|sun)day", r"tomorrow", r"tonight", r"midnight",
        r"next (?:week|month|weekend)",
        r"(?:january|february|april|june|july|august|september|october|november|december)",
        r"(?:in|until|by|from|till|end of) (?:march|may)", r"(?:this|the) weekend",
        r"end of (?:the )?(?:month|week|year)",
    ),
)  # fmt: skip
_DE = _Words(
    r"(?:\w+und)?(?:ein|eine|einen|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|fünfzehn"
    r"|zwanzig|dreißig|vierzig|fünfzig"
    r"|sechzig|siebzig|achtzig|neunzig|hundert|tausend)",
    r"prozent|euro|cent|dollar|punkte?|tage?n?|stunden?|wochen?|mal so",
    (
        r"halbe[rnsm]? preis", r"zum halben preis", r"hälfte (?:billiger|günstiger|des preises)", r"um die hälfte",
        r"(?:ein|das) drittel (?:weniger|billiger|günstiger|rabatt)", r"doppelte[rn]? (?:punkte|guthaben|rabatt)",
        r"dreifache[rn]? punkte", r"zwei (?:zum preis von einem|für eins)",
        r"umsonst", r"zum einkaufspreis",
    ),
    (
        r"(?<!am )(?:aller)?beste[nrsm]?", r"bestpreis\w*", r"günstigste[nrsm]?", r"billigste[nrsm]?",
        r"niedrigste[nrsm]?", r"größte[nrsm]?", r"höchste[nrsm]?", r"schönste[nrsm]?", r"nummer eins", r"nr\. ?eins",
        r"unschlagbar\w*", r"unübertroffen\w*", r"marktführer\w*", r"weltbeste\w*", r"noch nie dagewesen\w*",
        r"einmalige[nrsm]? (?:chance|gelegenheit|angebot)",
    ),
    (
        r"(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag)s?",
        r"(?:januar|februar|märz|april|juni|juli|august|september|oktober|november|dezember)",
        r"(?:bis|im|ab|ende) mai", r"mitternacht", r"nächste[nr]? (?:woche|monat|wochenende)",
        r"(?:am|dieses) wochenende",
        r"(?:monats|wochen|jahres)ende",
    ),
)  # fmt: skip
_FR = _Words(
    r"(?:une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|quarante"
    r"|cinquante|soixante|cent"
    r"|mille)(?:-(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|vingts?))?",
    r"pour ?cents?|euros?|centimes?|dollars?|points?|jours?|heures?|semaines?|fois plus",
    (
        r"moitié[- ]prix", r"à moitié prix", r"moitié moins cher",
        r"(?:un|le) (?:tiers|quart) de (?:remise|réduction|moins)",
        r"deux pour (?:un|le prix d'un)", r"un acheté,? un offert", r"double (?:de )?points", r"points? doublés?",
        r"triple (?:de )?points", r"prix coûtant", r"pour rien",
    ),
    (
        r"(?:le|la|les|au|aux|du|des|notre|nos) meilleure?s?(?! de (?:votre|vos|ton))", r"meilleurs? prix",
        r"(?:le|la|les) moins chère?s?",
        r"(?:le|la|les) plus (?:bas|basse|avantageu\w+|beau|belles?|grande?s?|rapides?|vendue?s?|aimée?s?"
        r"|durables?)", r"numéro un", r"imbattables?", r"inégalée?s?", r"leader du marché",
        r"jamais vue?s?", r"unique au monde", r"occasion unique",
    ),
    (
        r"lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche",
        r"janvier|février|avril|juin|juillet|août|septembre|octobre|novembre|décembre",
        r"(?:en|fin|début|jusqu'en) (?:mars|mai)",
        r"demain", r"ce soir", r"minuit", r"la semaine prochaine", r"le mois prochain", r"ce week-end",
        r"fin (?:du mois|de la semaine|de l'année)",
    ),
)  # fmt: skip
_ES = _Words(
    r"(?:un|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|quince|veinte|treinta|cuarenta"
    r"|cincuenta|sesenta"
    r"|setenta|ochenta|noventa|cien|ciento|mil)(?: y (?:dos|tres|cuatro|cinco|seis|siete|ocho|nueve))?",
    r"por ?ciento|euros?|céntimos?|dólares|dólar|puntos?|días?|horas?|semanas?|veces más",
    (
        r"mitad de(?:l)? precio", r"a mitad de precio", r"la mitad de lo que",
        r"un (?:tercio|cuarto) (?:menos|de descuento)",
        r"dos por uno", r"compra uno,? llévate", r"(?:doble|triple)s? (?:de )?puntos", r"puntos dobles",
        r"a precio de coste", r"por nada",
    ),
    (
        r"(?:el|la|los|las|al|del|nuestros?|nuestras?) mejor(?:es)?", r"mejor(?:es)? precios?",
        r"(?:el|la|los|las)(?: \w+)? más (?:baj\w+|barat\w+|vendid\w+|rápid\w+|querid\w+|bonit\w+|duradero\w*)",
        r"número uno", r"inmejorables?", r"imbatibles?",
        r"líder del mercado", r"nunca visto", r"únic[oa] en el mundo", r"oportunidad única",
    ),
    (
        r"lunes|martes|miércoles|jueves|viernes|sábado|domingo",
        r"enero|febrero|abril|junio|julio|agosto|septiembre|octubre|noviembre|diciembre",
        r"(?:en|hasta|fin de|desde) (?:marzo|mayo)", r"(?<!de )mañana (?:mismo|termina|acaba)", r"hasta mañana",
        r"medianoche", r"la semana que viene", r"el mes que viene", r"este fin de semana",
        r"fin de (?:mes|año|semana)",
    ),
)  # fmt: skip
_ZH = _Words(
    r"[一二两三四五六七八九十百千万亿半]+点?[一二三四五六七八九]?",
    r"折|成(?!为|长|分|功|熟|年|本|果|品|就|员|立|都|绩|套|人|色)|块(?!头)|元|美元|美金|欧元|英镑|日元"
    r"|倍|积分|分(?=积|奖)|天|小时|周(?!到|围|全|年)"
    r"|个月|人民币|百分点",
    (
        r"半价", r"对半", r"百分之[零一二两三四五六七八九十百半]+", r"买[一二两三]送[一二两三]",
        r"打[^，。！？\s]{0,3}折", r"骨折价", r"白送",
        r"零元", r"双倍", r"翻倍", r"加倍", r"成本价", r"跳楼价", r"减半", r"第[二三]件半价",
    ),
    (
        r"最(?:好|佳|优|低|高|大|便宜|优惠|实惠|划算|强|棒|美|先进|受欢迎|热门|畅销|顶级|优质|安全)",
        r"第一(?!次|步|时间|单|件|笔|个|印象|眼|天|课)",
        r"唯一", r"独一无二", r"全网", r"全球首", r"世界级", r"国家级", r"顶级", r"极品", r"史上", r"前所未有",
        r"无与伦比",
        r"绝无仅有", r"销量冠军", r"遥遥领先", r"首选品牌", r"王牌",
    ),
    (
        r"(?:周|星期|礼拜)[一二三四五六日天]", r"[一二三四五六七八九十]+月(?!份?以来)", r"明天", r"今晚", r"午夜",
        r"零点", r"下周",
        r"下个?月", r"月底", r"年底", r"本周末", r"除夕", r"大年",
    ),
)  # fmt: skip
_JA = _Words(
    r"[一二三四五六七八九十百千万半]+",
    r"割(?:引)?|パーセント|円|ドル|ユーロ|倍|ポイント|日間|日(?=以内|まで|限)|時間|週間|か月|ヶ月|分間|個(?=分|まで)|%",
    (
        r"半額", r"半値", r"原価", r"二つで一つ", r"もう一(?:つ|点)(?:無料|プレゼント)", r"倍増",
        r"ダブルポイント", r"ポイント(?:二|2|2)倍", r"プレゼント中", r"値段の半分",
    ),
    (
        r"最(?:高|安|上|大|低|良|強|も(?:\w+)?)", r"世界一", r"日本一", r"業界一", r"ナンバーワン", r"no\.? ?1",
        r"一番(?:安|良|人気|お得|売れ)",
        r"唯一(?:の|無二)", r"史上", r"他にはない", r"究極", r"無敵", r"完璧",
    ),
    (
        r"[月火水木金土日]曜日?", r"[一二三四五六七八九十]+月", r"明日", r"今夜", r"今週末", r"来週", r"来月",
        r"月末", r"年末", r"深夜",
    ),
)  # fmt: skip
_LANGUAGES: dict[Language, _Words] = {"en": _EN, "de": _DE, "fr": _FR, "es": _ES, "zh": _ZH, "ja": _JA}
_SPACED = frozenset({"en", "de", "fr", "es"})
"""Languages that put spaces between words."""
CHECKED_LANGUAGES: tuple[Language, ...] = tuple(_LANGUAGES)
"""Languages claims are read in; of others only figures in digits are found."""


def unbound_claims(language: Language, text: str) -> tuple[Claim, ...]:
    """Give every claim in a text that no token stands for, in the order they stand, each place once."""
    plain = unicodedata.normalize("NFKC", TOKEN.sub(" ", text)).replace("’", "'")
    found: list[tuple[int, int, Claim]] = []
    for kind, pattern in (("figure", FIGURE), *_patterns(language)):
        for match in pattern.finditer(plain):
            if not any(start < match.end() and match.start() < end for start, end, _ in found):
                found.append((match.start(), match.end(), Claim(kind, match.group().strip())))
    return tuple(claim for _, _, claim in sorted(found, key=lambda one: one[:2]))


@lru_cache(maxsize=len(_LANGUAGES))
def _patterns(language: Language) -> tuple[tuple[ClaimKind, re.Pattern[str]], ...]:
    words = _LANGUAGES.get(language)
    if words is None:
        return ()
    between = r"[- ]" if language in _SPACED else r"\s?"
    figure = rf"{words.numerals}{between}(?:{words.units})"
    parts: tuple[tuple[ClaimKind, str], ...] = (
        ("price_idiom", "|".join(words.idioms)),
        ("numeral", figure),
        ("superlative", "|".join(words.superlatives)),
        ("date", "|".join(words.dates)),
    )
    edge = (r"(?<!\w)(?:", r")(?!\w)") if language in _SPACED else ("(?:", ")")
    return tuple((kind, re.compile(edge[0] + part + edge[1], re.IGNORECASE)) for kind, part in parts)
