"""A person's profile in both languages: every value has its name, and nothing is left in the other language."""

from datetime import UTC, datetime

from agent.reports.person import CONTEXT, FACTS
from agent.reports.person_view import MergeLog, PersonFact, PersonView
from agent.reports.person_words import PersonWords
from memory.domain.consent import Contact

AT = datetime(2026, 11, 26, 9, tzinfo=UTC)


def a_fact(name: str, value: str | int | float | bool | None = 1) -> PersonFact:
    return PersonFact(
        name=name, value=value, definition="", tables=(), sources=("orders.csv",), newest_fact_at=AT, arrived_at=None
    )


def is_chinese(text: object) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in str(text))


def test_every_value_has_its_name_in_both_languages() -> None:
    for name, _, _ in (*CONTEXT, *FACTS):
        assert PersonWords("en").fact(a_fact(name))[0] == name.replace("_", " ")
        assert is_chinese(PersonWords("zh").fact(a_fact(name))[0]), name


def test_codes_and_truth_are_words_and_figures_stay() -> None:
    zh, en = PersonWords("zh"), PersonWords("en")
    assert zh.fact(a_fact("loyalty_status", "champion"))[1] == "核心客户"
    assert en.fact(a_fact("loyalty_status", "champion"))[1] == "champion"
    assert (zh.fact(a_fact("consent_sms", False))[1], en.fact(a_fact("consent_sms", False))[1]) == ("否", "no")
    assert zh.fact(a_fact("revenue_minor", 5_000)) == (
        "历史消费额（最小货币单位）",
        5_000,
        "2026-11-26",
        "",
        ("orders.csv",),
    )


def test_head_and_merges_are_said_in_the_language() -> None:
    contact = Contact(subject_id="p1", email="ann@people.example.invalid", first_name="Ann")
    found = PersonView(
        person_id="p1", asked_for="p1", shop_id="nord", data_version=3, as_of=AT, context=(), facts=(),
        records=("p1", "p2"), merges=(), is_erased=False, contact=contact,
    )  # fmt: skip
    said = PersonWords("zh").head(found)
    assert all(is_chinese(name) for name in said)
    assert (said["邮箱"], said["名"], said["已删除"]) == ("ann@people.example.invalid", "Ann", "否")
    assert PersonWords("en").head(found)["email"] == "ann@people.example.invalid"
    link = MergeLog(
        link_id=1, left_kind="email", left_subject="p1", right_kind="customer_id", right_subject="p2", rule="exact",
        source="orders.csv", at=AT, reversed_at=AT, reversed_by="ada",
    )  # fmt: skip
    assert PersonWords("zh").merge(link)[1::4] == ("邮箱 = 客户编号", "由ada撤销")
