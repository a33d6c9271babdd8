"""Long lists on the command line: where to begin and how many to list."""

from typing import Annotated

import typer

N_LISTED = 10_000
"""So many are listed where nobody asks for fewer."""
Start = Annotated[int, typer.Option("--start", min=0, max=2**31, help="How many to pass over.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=N_LISTED, help="At most so many.")]
