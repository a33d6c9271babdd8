import pytest

from api.ui.approvals.zone import is_zone


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("Asia/Shanghai", True),
        ("UTC", True),
        ("", False),
        ("Mars/Base", False),
        ("../etc/passwd", False),
        ("None", False),
    ],
)
def test_only_an_iana_zone_is_one(name: str, is_one: bool) -> None:
    assert is_zone(name) == is_one
