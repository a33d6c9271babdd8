"""What is photographed: every address, at every width, in both themes."""

from tests.api.ui.addresses import addresses
from tests.api.ui.gallery import CHINESE, SIZES, documented, shots


def test_every_address_is_taken_at_every_width_in_both_themes_and_some_in_chinese() -> None:
    taken = {one.name for one in shots()}
    assert len(taken) == len(shots())
    for address in addresses():
        for width in SIZES:
            for theme in ("light", "dark"):
                assert f"{address.name}-{width}-{theme}.png" in taken
    chinese = {one.address.name for one in shots() if one.language == "zh"}
    assert {"home", "chat"} <= chinese <= set(CHINESE)


def test_named_pages_alone_are_taken_and_the_documentation_names_pages_that_exist() -> None:
    assert {one.address.name for one in shots(("home",))} == {"home"}
    assert {"home", "chat", "results"} <= set(documented())
