"""The base of every frozen value, and the small annotated types they share."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

MinorUnits = Annotated[int, Field(strict=True, ge=-(2**62), le=2**62)]
"""A sum of money in the currency's smallest unit (cents, yen); never a float."""

Rate = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]
"""A share between 0 and 1."""

Count = Annotated[int, Field(strict=True, ge=0, le=2**53)]
"""How many; never negative."""

Instant = AwareDatetime
"""A point in time; naive datetimes are refused."""

Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]
"""A short stable name: lower case, digits, dot, dash, underscore."""

ShopId = Slug
"""The id of one shop inside the organisation."""


class Frozen(BaseModel):
    """A value that never changes once made and refuses unknown fields."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        use_attribute_docstrings=True,
        validate_default=True,
    )
