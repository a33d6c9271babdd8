import re
from pathlib import Path

import pytest

from memory.domain.outcome import NotEstimable
from tests.tools.lookback.test_look import a_peak, look
from tools.lookback import Breeds, LookBack, render_look_back
from tools.lookback.words import WORDS
from tools.metrics import CostPer, Costs

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> LookBack:
    return look(a_peak(), tmp_path_factory.mktemp("lake"))


def test_the_page_says_the_figures_in_both_languages(figures: LookBack) -> None:
    english, chinese = render_look_back(figures, "en"), render_look_back(figures, "zh")
    assert "50 people bought for the first time. 30 of them have not come back." in english
    assert "50位新客首次下单，其中30位至今没有回来。" in chinese
    assert "by day 16" in english
    assert "第16天" in chinese
    assert "secondorder import spend FILE" in english
    assert 'lang="zh-CN"' in chinese


def test_the_page_is_self_contained(figures: LookBack, tmp_path: Path) -> None:
    page = render_look_back(figures, "en")
    assert page.count("<svg") == 6
    assert "<script" not in page
    assert not re.search(r"""(?:src|href)\s*=|url\((?!#)|@import""", page)
    names = re.findall(r'\bid="([^"]+)"', page)
    assert len(names) == len(set(names))
    assert set(re.findall(r"url\(#([^)]+)\)", page)) <= set(names)
    addresses = set(re.findall(r"https?://[^\"'\s<)]+", page))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_foreign_text_is_escaped(figures: LookBack) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    product = figures.products.shown[0].model_copy(update={"name": hostile})
    bad = figures.model_copy(update={"shop_name": hostile, "products": Breeds(shown=(product,))})
    page = render_look_back(bad, "en")
    assert "<img" not in page


def test_costs_are_drawn_where_the_ledger_knows_them(figures: LookBack) -> None:
    first = CostPer(spent_minor=50_000, n_results=50, cost_minor=1000, currency="EUR")
    second = CostPer(spent_minor=4_000, n_results=20, cost_minor=200, currency="EUR")
    known = figures.model_copy(update={"costs": Costs(first_order=first, second_order=second, ratio=0.2)})
    page = render_look_back(known, "en")
    assert "10.00 EUR" in page
    assert "Own ratio 0.20; the often-quoted one fifth is an assumption without a source." in page
    nothing = NotEstimable(code="too_few_buyers", message="none")
    without = figures.model_copy(update={"costs": Costs(first_order=first, second_order=nothing)})
    assert "no second order came in these days" in render_look_back(without, "en")


def test_a_peak_that_has_only_just_ended_says_so(figures: LookBack) -> None:
    open_ = NotEstimable(code="window_open", message="open")
    fresh = figures.model_copy(
        update={"window": open_, "came_back": (open_,) * 3, "breed_days": None, "breed_rate": None}
    )
    page = render_look_back(fresh, "zh")
    assert "为时尚早" in page
    assert "30天的观察期尚未结束" in page


def test_every_phrase_has_the_same_blanks_in_both_languages() -> None:
    for key, (english, chinese) in WORDS.items():
        assert set(re.findall(r"{(\w+)}", english)) == set(re.findall(r"{(\w+)}", chinese)), key
