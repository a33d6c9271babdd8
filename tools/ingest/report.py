"""What an import says about itself."""

from typing import Annotated, Literal, Protocol, get_args

from pydantic import Field

from memory.domain.base import Count, Frozen, ShopId

ImportKind = Literal[
    "shopify-orders", "shopify-customers", "shopify-products", "shopify-json", "klaviyo-profiles", "online-retail",
    "complete-journey", "events", "consent", "stock", "costs", "spend", "rates", "goods-links", "shipments",
]  # fmt: skip
ReportKind = ImportKind | Literal["assumptions"]
KINDS: tuple[ImportKind, ...] = get_args(ImportKind)


class RejectedRow(Frozen):
    """One row that was left out."""

    line: Count
    """Its line in the file, the header being line 1; the position in a document or table otherwise."""
    reason: str
    """What is wrong with it."""


class TableChange(Frozen):
    """What happened to one table of facts."""

    n_new: Count = 0
    """Facts that were not known."""
    n_changed: Count = 0
    """Facts that got a further revision."""
    n_unchanged: Count = 0
    """Facts that were known with the same content."""


class ImportReport(Frozen):
    """The outcome of one import."""

    shop_id: ShopId
    """The shop."""
    kind: ReportKind
    """What kind of file it was."""
    file_name: str
    """The file's name without its folder."""
    n_rows: Count
    """Rows read."""
    n_new: Count
    """New facts over all tables."""
    n_changed: Count
    """Facts with a further revision."""
    n_unchanged: Count
    """Facts that were known already."""
    n_rejected: Count
    """Rows left out because they are wrong."""
    rejected: tuple[RejectedRow, ...] = ()
    """The first of them, with line and reason."""
    left_out: dict[str, Count] = {}
    """Rows left out by a rule of the format, counted per rule."""
    changes: dict[str, TableChange] = {}
    """Per table."""
    n_links: Count = 0
    """New identity links."""
    n_people: Count = 0
    """People whose state was brought up to date."""
    is_dry_run: bool = False
    """Whether nothing was written."""
    is_known_file: bool = False
    """Whether the same file was the last import of its kind, so that nothing had to be read."""
    data_version: Count
    """The data version that holds the result."""
    seconds: Annotated[float, Field(ge=0)]
    """How long it took."""


class Progress(Protocol):
    """Whoever wants to hear how far an import is."""

    def __call__(self, n_rows: int, bytes_done: int, bytes_total: int) -> None:
        """Take rows read so far, bytes read so far and bytes of the file."""
        ...
