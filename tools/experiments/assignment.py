"""Assignment to arms by a keyed hash: sticky, unguessable without the key, the same on every machine."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from memory.domain.canonical import keyed_digests

ASSIGNMENT_SCHEMA = pa.schema([("person_id", pa.string()), ("cohort", pa.string()), ("arm", pa.string())])


def unit_intervals(key: bytes, prefix: tuple[str, ...], ids: pa.Array | pa.ChunkedArray) -> npt.NDArray[np.float64]:
    """Give a number in [0, 1) per id, equal to `memory.domain.canonical.unit_interval(key, *prefix, id)`.

    Hashing is the one thing done per id in Python (about 2 seconds for a million); the rest is columnar.
    """
    head = "\x1f".join((*prefix, "")).encode()
    texts = (head + text for text in pc.cast(ids, pa.binary()).to_pylist())
    digests = b"".join([digest[:8] for digest in keyed_digests(key, texts)])
    first_52_bits = np.frombuffer(digests, dtype=">u8") >> np.uint64(12)
    return first_52_bits.astype(np.float64) / float(16**13)


def assign(key: bytes, experiment_id: str, people: pa.Table, rate: float) -> pa.Table:
    """Give each person an arm: `control` where the keyed hash of experiment and person is below `rate`.

    `people` has `person_id` and `cohort`. The hash knows neither cohort nor order, so a person keeps the arm when
    the list changes, and every cohort is split at the same rate. Result: person_id, cohort, arm.
    """
    place = unit_intervals(key, ("arm", experiment_id), people["person_id"])
    arms = pc.if_else(pa.array(place < rate), pa.scalar("control"), pa.scalar("treated"))
    return pa.table([people["person_id"], people["cohort"], arms], schema=ASSIGNMENT_SCHEMA)
