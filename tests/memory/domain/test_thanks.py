"""What of a block can be clicked: everything the catalogue can name, and nothing else."""

import pytest
from pydantic import TypeAdapter, ValidationError

from memory.domain.thanks import MAX_SKU, Target

TARGET: TypeAdapter[str] = TypeAdapter(Target)


@pytest.mark.parametrize("sku", ["SHOE-1", "Trail shoe - Red / 42", "跑鞋 - 红色", "x" * MAX_SKU])
def test_s1_11_goods_are_clicked_by_the_name_the_catalogue_has_for_them(sku: str) -> None:
    assert TARGET.validate_python(f"goods:{sku}") == f"goods:{sku}"


@pytest.mark.parametrize("target", ["goods:", "goods:a\nb", "goods:" + "x" * (MAX_SKU + 1), "social:X", "sharing", ""])
def test_s1_11_nothing_else_can_be_clicked(target: str) -> None:
    with pytest.raises(ValidationError):
        TARGET.validate_python(target)
