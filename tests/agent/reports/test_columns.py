"""Tables of a terminal: as they were where they fit, folded or stacked where they don't, and never cut."""

from collections import Counter

import pytest
from rich.cells import cell_len

from agent.reports.columns import WIDTH, fitted, lines

HEAD = ("Figure", "messaged", "withheld", "interval")
NARROW = [("Rate", "22.0%", "16.0%", "[+1.0, +2.0]"), ("Value", "1.00", "–", "[+3.0, +4.0]")]
FOLDED = [("A figure with a name that is much longer than what is left of the line", "1" * 9, "2" * 9, "3" * 24)]
STACKED = [("自第 0 天起 90 天内的已实现客户价值（CLV），不是预测", "1" * 14, "2" * 14, "3" * 30)]
LISTED = [("价格敏感客户", "+2.5 个百分点 " * 3, "+3.3 个百分点 " * 3, "0.075")]
SENTENCE = [("Return", "–", "The cost per person cannot be told from 0, so a return on it means nothing. " * 2, "")]


def test_what_fits_is_set_as_before() -> None:
    assert fitted(NARROW, HEAD) == lines([HEAD, *NARROW])
    assert fitted([]) == lines([]) == []


@pytest.mark.parametrize("rows", [FOLDED, STACKED, LISTED, SENTENCE, [*NARROW, *FOLDED], [*SENTENCE, *STACKED]])
def test_no_line_is_wider_than_a_terminal_and_nothing_is_cut(rows: list[tuple[str, ...]]) -> None:
    found = fitted(rows, HEAD)
    assert max(map(cell_len, found)) <= WIDTH
    shown = Counter("".join("".join(found).split()))
    assert Counter("".join("".join(cell for row in rows for cell in row).split())) <= shown


def test_a_name_stands_above_its_figures_and_these_under_the_names_of_their_columns() -> None:
    head, names, name, figures = fitted(STACKED, HEAD)
    assert (head, name) == ("  Figure", f"  {STACKED[0][0]}")
    assert figures.index("2") == names.index("withheld") and figures.index("3") == names.index("interval")


def test_cells_that_fit_beside_nothing_have_a_line_each_with_their_column_s_name() -> None:
    assert [line.split()[0] for line in fitted(LISTED, HEAD)] == ["价格敏感客户", "messaged", "withheld", "interval"]


def test_a_sentence_goes_on_below_its_own_column() -> None:
    first, second, *_ = fitted(SENTENCE, HEAD)[1:]
    assert len(second) - len(second.lstrip()) == first.index("The cost")
