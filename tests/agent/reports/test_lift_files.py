"""The lift report as files: what they hold, what they are called; foreign titles are text in each of them."""

import csv
import io
import re
from datetime import timedelta

import pytest

from agent.reports.lift_files import COLUMNS, FORMATS, LiftFormat, lift_csv, lift_file, lift_png
from agent.reports.lift_model import DayPoint, PlanLift
from agent.reports.lift_text import ReportLanguage
from tests.agent.reports.test_lift_words import LANGUAGES, full, report, sums

pytestmark = pytest.mark.slow


def with_days() -> PlanLift:
    days = tuple(
        DayPoint(
            day=day, treated_rate=0.01 * day, treated_low=0.005 * day, treated_high=0.02 * day,
            control_rate=0.008 * day, control_low=0.004 * day, control_high=0.016 * day,
            margin_minor=1000 * day, cost_minor=250,
        )
        for day in range(1, 6)
    )  # fmt: skip
    return full().model_copy(update={"days": days})


def rows(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", FORMATS)
def test_each_format_has_its_content_type_and_an_ascii_name(form: LiftFormat, language: ReportLanguage) -> None:
    made = lift_file(with_days(), form, language)
    assert made.media_type == FORMATS[form]
    assert re.fullmatch(rf"lift-0{{12}}-\d{{4}}-\d\d-\d\d-{language}\.{form}", made.name)
    starts = {"pdf": b"%PDF-", "csv": b"\xef\xbb\xbf", "png": b"\x89PNG"}[form]
    assert made.content.startswith(starts) and len(made.content) > 500


def test_the_csv_holds_each_figure_as_a_number_with_its_unit() -> None:
    found = rows(lift_csv(with_days()))
    assert tuple(found[0]) == COLUMNS
    (rpr,) = (one for one in found if (one["figure"], one["of"]) == ("rpr", "treated - control"))
    assert rpr["unit"] == "pp" and float(rpr["estimate"]) == pytest.approx(6.0)
    assert float(rpr["low_95"]) < 6.0 < float(rpr["high_95"])
    (cost,) = (one for one in found if one["figure"] == "cost")
    assert (cost["unit"], float(cost["estimate"])) == ("EUR", 100.0)
    assert [one["estimate"] for one in found if (one["table"], one["of"]) == ("repeat_curve", "treated")] == [
        "1", "2", "3", "4", "5"
    ]  # fmt: skip


def test_what_cannot_be_read_has_its_reason_in_the_reader_s_language() -> None:
    few = report(sums("treated", 100, 3), sums("control", 100, 2), seen=100)
    (english,) = (one for one in rows(lift_csv(few)) if one["figure"] == "roi")
    (chinese,) = (one for one in rows(lift_csv(few, "zh")) if one["figure"] == "roi")
    assert (english["estimate"], chinese["estimate"]) == ("", "")
    assert english["why_missing"] and chinese["why_missing"] and english["why_missing"] != chinese["why_missing"]


def test_a_hostile_title_is_text_and_breaks_nothing() -> None:
    hostile = with_days().model_copy(update={"title": '</text><script>x</script> #panic("no") =1+1 𝔘 &amp;'})
    for form in FORMATS:
        assert lift_file(hostile, form).content
    assert lift_png(hostile).startswith(b"\x89PNG")


def test_before_any_day_is_over_there_is_a_file_all_the_same() -> None:
    early = report(sums("treated", 20, 0), sums("control", 10, 0), seen=0).model_copy(
        update={"ends_at": full().as_of + timedelta(days=9)}
    )
    for form in FORMATS:
        assert lift_file(early, form).content
