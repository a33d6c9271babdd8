"""Treatments: what may be sent instead of nothing, with what it is worth, costs and is taken to do."""

from typing import Annotated

from pydantic import Field

from memory.domain.base import Frozen, Rate


class Treatment(Frozen):
    """One action of the log; action 0 is sending nothing, treatment `k` of a list is action `k + 1`."""

    id: str
    """Its name, such as a kind of message."""
    worth: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    """Money that one unit of the outcome brings, such as the margin of an order."""
    cost: Annotated[float, Field(allow_inf_nan=False)] = 0.0
    """Money that one send costs, incentives and long-run costs included, in the same unit."""
    ladder: str = ""
    """Treatments of one ladder are sizes of one incentive: the effect never falls with the discount. Empty for none."""
    discount_rate: Rate = 0.0
    """The size on the ladder."""
    assumed: float | None = None
    """Effect that is assumed before anything was measured; none where nothing is."""
    assumed_sd: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    """Its standard deviation, as an honest doubt."""
