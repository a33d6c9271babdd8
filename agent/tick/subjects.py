"""Which subject line a message carries: drawn evenly among its template's lines, so that each can be compared later."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from memory.domain.facts import DECISION_SUBJECTS_SCHEMA
from memory.domain.plan import Plan
from tools.copywriting import copy_hash, languages_of, n_subjects, subjects_of, words_name

SHOWS_SUBJECT = ("email", "push")
"""Channels whose messages have a subject line or a title."""


def draw_subjects(messages: pa.Table, draws: npt.NDArray[np.float64]) -> tuple[pa.Array, pa.Array]:
    """Give (subject_no, propensity) per chosen option; null where the channel shows no subject.

    `draws` are numbers in [0, 1), one per row. Nothing is known yet of which line works better, and an opened mail is
    no proof, so every line is as likely as the next.
    """
    n = _n_per_row(messages)
    shows = np.isin(messages["channel"].to_numpy(), SHOWS_SUBJECT) & (n > 0)
    number = np.floor(draws * n).astype(np.int32)
    return (
        pa.array(number, pa.int32(), mask=~shows),
        pa.array(1.0 / np.maximum(n, 1), pa.float64(), mask=~shows),
    )


def _n_per_row(messages: pa.Table) -> npt.NDArray[np.int64]:
    """Give how many lines each row's template has; a tick has few templates, so the rows are looked up by code."""
    names = messages["template"].combine_chunks().dictionary_encode()
    kinds = dict(zip(messages["template"].to_pylist(), messages["message_kind"].to_pylist(), strict=True))
    found = [n_subjects(words_name(name, kinds[name])) for name in names.dictionary.to_pylist()]
    numbers: npt.NDArray[np.int64] = np.array([*found, 0], dtype=np.int64)[names.indices.to_numpy()]
    return numbers


def subject_table(options: pa.Table, plan: Plan, batch_id: str) -> pa.Table:
    """Give the words that could be used, `DECISION_SUBJECTS_SCHEMA`: every line in every language of each template."""
    kept = options.select(["template", "message_kind"]).group_by(["template", "message_kind"]).aggregate([])
    fixed = {"batch_id": batch_id, "shop_id": plan.shop_id}
    rows: list[dict[str, Any]] = []
    for one in kept.sort_by("template").to_pylist():
        name = words_name(one["template"], one["message_kind"])
        n = n_subjects(name)
        for language in languages_of(name):
            words = fixed | {"template": one["template"], "language": language, "copy_hash": copy_hash(name, language)}
            lines = enumerate(subjects_of(name, language)[:n])
            rows.extend(words | {"subject_no": no, "subject": line, "propensity": 1 / n} for no, line in lines)
    return pa.Table.from_pylist(rows, DECISION_SUBJECTS_SCHEMA)
