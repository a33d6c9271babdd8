"""How the demo speaks: numbered sections with their time, small tables, progress bars."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress


class Show:
    """Prints to one console and keeps how long each section took."""

    def __init__(self, console: "Console") -> None:
        """Print to `console`."""
        self.console = console
        self.seconds: dict[str, float] = {}

    @contextmanager
    def section(self, title: str) -> Iterator[None]:
        """Print a numbered heading and, at the end, the seconds it took."""
        number = len(self.seconds) + 1
        self.console.print(f"\n[bold cyan]{number}  {title}[/]")
        began = time.monotonic()
        yield
        self.seconds[title] = round(time.monotonic() - began, 2)
        self.console.print(f"[dim]   {self.seconds[title]:.1f} s[/]")

    @contextmanager
    def progress(self) -> Iterator["Progress"]:
        """Give progress bars that vanish when they are done."""
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("   {task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self.console, transient=True, disable=not self.console.is_terminal) as bars:
            yield bars

    def line(self, text: str) -> None:
        """Print one indented line of rich markup."""
        from rich.padding import Padding
        from rich.text import Text

        self.console.print(Padding(Text.from_markup(text), (0, 0, 0, 3)), highlight=False)

    def table(self, header: Sequence[str], rows: Sequence[Sequence[object]], *, left: int = 1) -> None:
        """Print a small table; the first `left` columns are flush left, the others flush right."""
        from rich.padding import Padding
        from rich.table import Table

        grid = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
        for place, name in enumerate(header):
            grid.add_column(name, justify="left" if place < left else "right")
        for row in rows:
            grid.add_row(*(str(cell) for cell in row))
        self.console.print(Padding(grid, (0, 0, 0, 3)))
