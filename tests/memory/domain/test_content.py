from typing import Any

import pytest
from pydantic import ValidationError

from tests.factories.content import WEB, an_item


def test_s1_38_an_item_is_non_promotional_and_nothing_else() -> None:
    assert an_item().non_promotional is True
    with pytest.raises(ValidationError):
        an_item(non_promotional=False)


@pytest.mark.parametrize("link", [WEB, "nord://course/first-run", "https://nord.example.invalid", "nord-app://x?y=1"])
def test_s1_38_a_deep_link_is_https_or_of_an_app(link: str) -> None:
    assert an_item(links={"ios": link, "android": link, "web": WEB}).links.ios == link


@pytest.mark.parametrize(
    "link",
    [
        "http://nord.example.invalid/a", "javascript://nord/%0aalert(1)", "intent://x#Intent;end", "data://text/html,x",
        "file:///etc/passwd", "market://details?id=x", "nord:course", "nord://a b", "nord://", "//nord/x", "NORD://x",
        "https://user:pass@nord.example.invalid/", "https://-nord.invalid/", "view-source://x", "",
    ],
)  # fmt: skip
def test_s1_38_other_links_are_refused(link: str) -> None:
    with pytest.raises(ValidationError):
        an_item(links={"ios": link, "android": "nord://x", "web": WEB})


@pytest.mark.parametrize("links", [{}, {"ios": "nord://x"}, {"android": "nord://x"}])
def test_s1_38_no_phone_is_left_without_a_link(links: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="both ios and android"):
        an_item(links=links)
    assert an_item(links={"ios": "nord://x", "android": "nord://x"}).is_app_only


def test_s1_38_a_tier_is_for_members() -> None:
    with pytest.raises(ValidationError, match="audience: members"):
        an_item(min_tier="gold")
    assert an_item(min_tier="gold", audience="members").min_tier == "gold"
