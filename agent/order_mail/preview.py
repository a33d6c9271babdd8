"""The message to people of a slip as they would read it, one per language, with how many read each."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from memory.domain.base import Count, Frozen
from memory.domain.guardrails import Guardrails
from memory.domain.market import Shop
from memory.domain.order_mail import OrderMailSettings
from memory.domain.outcome import Blocked
from memory.domain.slips import Slip
from memory.store.instants import to_micros
from memory.store.order_mail import OrderMailRow
from tools.copywriting import CopyFacts, render
from tools.markets import Markets
from tools.parcels import Expectations

from .facts import OrderNow
from .words import DELAY, language_of, said_of

SPECIMEN = "#1001"
"""The order of the text that is shown; each mail names its own."""


class DraftedText(Frozen):
    """What people of one language read."""

    language: str
    """Which; empty for people of whose languages none has words or is allowed: they get nothing."""
    n_people: Count
    """How many read it."""
    subject: str
    """The subject line."""
    text: str
    """The words of the mail."""


def drafted_texts(
    slip: Slip, people: pa.Table, shop: Shop, guardrails: Guardrails, markets: Markets, expected: Expectations,
    now: datetime,
) -> tuple[DraftedText, ...]:  # fmt: skip
    """Give the texts for people (language, market of `person_state`), most readers first."""
    named = {"language": pc.fill_null(people["language"], ""), "market": pc.fill_null(people["market"], "")}
    cells = pa.table(named).group_by(["language", "market"]).aggregate([([], "count_all")]).to_pylist()
    home, counts = _spoken(markets, shop.home_market), Counter[str]()
    for cell in cells:
        wanted = (cell["language"], _spoken(markets, cell["market"]), home)
        counts[language_of(DELAY, wanted, guardrails)] += cell["count_all"]
    order = OrderNow(SPECIMEN, "", slip.market, slip.from_at, False, slip.origin)
    row = OrderMailRow(
        send_key="", shop_id=shop.shop_id, kind=DELAY, order_ref=SPECIMEN, carrier=slip.carrier,
        event_at=to_micros(slip.from_at), heard_at=to_micros(now), send_at=to_micros(now),
    )  # fmt: skip
    found = [_text(language, n, row, order, shop, expected, now) for language, n in sorted(counts.items())]
    return tuple(sorted(found, key=lambda one: (-one.n_people, one.language)))


def _text(
    language: str, n: int, row: OrderMailRow, order: OrderNow, shop: Shop, expected: Expectations, now: datetime
) -> DraftedText:
    if not language:
        return DraftedText(language="", n_people=n, subject="", text="")
    said = said_of(row, order, language, shop.zone, expected, OrderMailSettings(), now)
    front = f"{shop.website.rstrip('/')}/"
    facts = CopyFacts(shop=shop.name, url=front, content=said.content, postal_address=shop.postal_address)
    copy = render(DELAY, language, facts)
    assert not isinstance(copy, Blocked)
    return DraftedText(language=language, n_people=n, subject=copy.subject, text=copy.text.partition("\n--\n")[0])


def _spoken(markets: Markets, country: str) -> str:
    known: Mapping[str, object] = markets.by_country
    return markets.by_country[country].language if country in known else ""
