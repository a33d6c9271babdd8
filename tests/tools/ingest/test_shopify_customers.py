"""The kind `shopify-customers`: both forms of the export."""

from tests.factories.imports import CUSTOMER_COLUMNS, OLD_CUSTOMER_COLUMNS, Intaker, write_csv

NEW = {
    "Customer ID": "'7210448301122", "First Name": "Ann", "Last Name": "Example", "Email": "ann@example.com",
    "Accepts Email Marketing": "yes", "Default Address Country Code": "GB", "Phone": "020 7946 0958",
    "Accepts SMS Marketing": "no", "Tags": "vip",
}  # fmt: skip


def test_b4_the_present_form_with_apostrophe_id_local_phone_and_birth_date(intaker: Intaker) -> None:
    birth = "Birth date (customer.metafields.facts.birth_date)"
    rows = [{**NEW, birth: "1990-07-14"}]
    report = intaker("shopify-customers", write_csv(intaker.folder / "c.csv", [*CUSTOMER_COLUMNS, birth], rows))
    (person,) = intaker.rows("people")
    assert (report.n_rejected, report.n_links) == (0, 2)
    assert (person["market"], person["birth_month"]) == ("GB", 7)
    with intaker.store.read() as uow:
        contact = uow.contacts.by_person(intaker.shop.shop_id, [person["person_id"]])[person["person_id"]]
    assert (contact.phone, contact.first_name) == ("+442079460958", "Ann")
    (state,) = intaker.state().values()
    assert (state["consent_email"], state["consent_sms"], state["language"], state["zones"]) == (
        False, False, "en", ["Europe/London"],
    )  # fmt: skip  # the file gives no time, and the market counts no permission without proof


def test_the_older_form_without_customer_id(intaker: Intaker) -> None:
    row = {"First Name": "Ann", "Last Name": "Example", "Email": "ann@example.com", "Accepts Email Marketing": "true",
           "Country": "United States", "Country Code": "US", "Phone": "", "Accepts SMS Marketing": "false"}  # fmt: skip
    report = intaker("shopify-customers", write_csv(intaker.folder / "c.csv", OLD_CUSTOMER_COLUMNS, [row]))
    (state,) = intaker.state().values()
    assert report.n_rejected == 0
    assert (state["market"], state["consent_email"]) == ("US", True)
    assert len(state["zones"]) > 4  # all zones of the country must allow


def test_s2_10_two_ids_with_one_phone_are_one_person(intaker: Intaker) -> None:
    rows = [{**NEW, "Phone": "+4915112345678"}, {**NEW, "Customer ID": "'2", "Email": "", "Phone": "0049 151 12345678"}]
    intaker("shopify-customers", write_csv(intaker.folder / "c.csv", CUSTOMER_COLUMNS, rows))
    assert len({row["person_id"] for row in intaker.rows("people")}) == 1


def test_a_row_without_anybody_is_rejected(intaker: Intaker) -> None:
    rows = [{**NEW, "Customer ID": "", "Email": "nobody", "Phone": ""}, {**NEW, "Accepts Email Marketing": "maybe"}]
    report = intaker("shopify-customers", write_csv(intaker.folder / "c.csv", CUSTOMER_COLUMNS, rows))
    assert [row.line for row in report.rejected] == [2, 3]
    assert intaker.rows("people") == []
