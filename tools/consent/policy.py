"""Consent policies per market, as dated data with a source: cautious readings to confirm with counsel, not advice."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field

from memory.domain.base import Frozen
from memory.domain.errors import InvalidInput
from memory.domain.market import Channel, CountryCode

DATA = Path(__file__).parent / "data" / "policies.yaml"
Months = Annotated[int, Field(ge=1, le=120)]


class SoftOptIn(Frozen):
    """A permission that rests on a purchase or inquiry instead of a statement, and lapses by itself."""

    channels: tuple[Channel, ...]
    """Where it may be used."""
    purchase_months: Months
    """How long it lasts after the last purchase."""
    inquiry_months: Months | None = None
    """How long it lasts after an inquiry; none where an inquiry permits nothing."""
    conditions: tuple[str, ...]
    """What has to be true; somebody of the shop vouches for it by name."""


class ConsentPolicy(Frozen):
    """What one market's rules make of permissions."""

    unproven: tuple[Channel, ...] = ()
    """Channels on which a permission without a time still counts; all others are blocked."""
    double_opt_in: tuple[Channel, ...] = ()
    """Channels on which a new address has to be confirmed by a second opt-in."""
    soft_opt_in: SoftOptIn | None = None
    """Existing customers, where the market knows them."""
    source: str
    """Where the rule was read; `recalled` marks one nobody looked up."""
    as_of: date
    """When."""
    confirm: str = "confirm with counsel"
    """What to do before relying on it."""


class ConsentPolicies(Frozen):
    """Every market's policy."""

    default: ConsentPolicy
    """What counts where no policy names the market: the strictest."""
    by_country: dict[CountryCode, ConsentPolicy]
    """Country to policy."""

    def of(self, country: str) -> ConsentPolicy:
        """Give a market's policy."""
        return self.by_country.get(country, self.default)


@cache
def load_policies(path: Path = DATA) -> ConsentPolicies:
    """Read the policies; raise `InvalidInput` naming what is wrong."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        return ConsentPolicies(default=raw.pop("default"), by_country=raw)
    except (OSError, yaml.YAMLError, ValueError, AttributeError, KeyError, TypeError) as error:
        raise InvalidInput(
            what=f"consent policies {path.name}", why=str(error), remedy="Compare it with docs/consent.md"
        ) from error
