"""What came in, and how large a file may be."""

from pathlib import Path

from agent.assembly import App
from api.verbs import imports
from tests.api.verbs.acting import as_


def test_the_newest_import_of_each_kind_is_listed(installation: App, tmp_path: Path) -> None:
    mia = as_(installation, "mia", "marketer")
    assert imports.done(mia) == ()
    costs = tmp_path / "costs.csv"
    costs.write_text("sku,cost,currency\nA-1,5.00,EUR\nA-2,minus,EUR\n", encoding="utf-8")
    assert imports.guess(costs) == "costs"
    dry = imports.import_path(mia, "costs", costs, is_dry_run=True)
    assert (dry.n_new, dry.n_rejected) == (1, 1)
    assert imports.done(mia) == ()
    imports.import_path(mia, "costs", costs)
    again = imports.import_path(mia, "costs", costs)
    assert (again.n_new, again.is_known_file) == (0, True)
    (found,) = imports.done(mia)
    assert (found.kind, found.file_name, found.by, found.n_rows, found.n_rejected) == (
        "costs",
        "costs.csv",
        "mia",
        2,
        1,
    )
    assert imports.max_bytes(mia) == 512 * 2**20
