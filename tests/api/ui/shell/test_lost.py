from fastapi import Request

from api.ui.shell.lost import lost


def test_an_address_that_is_not_there_is_told_in_both_languages_and_leads_home() -> None:
    asked = Request({"type": "http", "method": "GET", "path": "/ui/<b>x", "query_string": b"", "headers": []})
    answer = lost(asked, KeyError("secret"))
    html = bytes(answer.body).decode()
    assert answer.status_code == 404
    assert "There is no such page" in html
    assert "没有这个页面" in html
    assert html.count('href="/ui/"') == 2
    assert "<b>x" not in html
    assert "secret" not in html
