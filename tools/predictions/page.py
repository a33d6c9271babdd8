"""The predictions as one self-contained HTML page with its pictures inside; nothing is fetched."""

import html

from memory.domain.money import Money
from memory.domain.outcome import NotEstimable
from tools.pictures import amount_rows, interval_rows

from .chance import PredictionCard
from .clv import ClvPredicted
from .report import Predictions
from .words import WORDS, PageLanguage, chance_lines, title, value_lines

STYLE = (
    "body{margin:0;background:#f6f5f1;color:#1f2933;font:16px/1.6 system-ui,'Noto Sans CJK SC',sans-serif}"
    "main{max-width:860px;margin:0 auto;padding:32px 20px}h1{font-size:28px;line-height:1.25}h2{font-size:20px}"
    "p{margin:6px 0}svg{max-width:100%;height:auto}"
)


def render_predictions_page(report: Predictions, language: PageLanguage = "en") -> str:
    """Give the page as HTML text, in English or Chinese."""
    parts = [f"<h1>{html.escape(title(report, language))}</h1>", _lines(value_lines(report, language))]
    if not isinstance(report.clv, NotEstimable):
        parts.append(_fifths(report.clv, language))
    for name, card in (("repeat", report.repeat), ("leaving", report.leaving)):
        parts.append(_lines(chance_lines(card, name, language)))
        if not isinstance(card, NotEstimable):
            parts.append(_calibration(card, language))
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width"><title>{html.escape(title(report, language))}</title><style>{STYLE}</style>'
        f"</head><body><main>{''.join(parts)}</main></body></html>"
    )


def _lines(lines: list[str]) -> str:
    return "".join(f"<p>{html.escape(line.strip())}</p>" for line in lines if line)


def _fifths(clv: ClvPredicted, language: PageLanguage) -> str:
    words = WORDS[language]
    rows = [(words["everybody"], clv.mean_minor.estimate, _money(clv.mean_minor.estimate, clv))]
    for one in clv.fifths:
        was = words["was"].format(amount=_money(one.historic_mean_minor, clv))
        shown = f"{_money(one.predicted_mean_minor, clv)} ({was})"
        rows.append((words["fifth"].format(n=one.fifth), max(one.predicted_mean_minor, 0.0), shown))
    return f"<h2>{html.escape(words['fifths'])}</h2>{amount_rows(rows, label=words['fifths'])}"


def _money(minor: float, clv: ClvPredicted) -> str:
    return str(Money(amount_minor=round(minor), currency=clv.currency))


def _calibration(card: PredictionCard, language: PageLanguage) -> str:
    words = WORDS[language]
    rows = [
        (words["bin"].format(share=f"{one.predicted:.1%}"), one.observed, f"{one.observed.estimate:.1%}")
        for one in card.calibration
    ]
    picture = interval_rows(rows, label=words[f"calibration_{card.outcome}"])
    return f"<h2>{html.escape(words[f'calibration_{card.outcome}'])}</h2>{picture}"
