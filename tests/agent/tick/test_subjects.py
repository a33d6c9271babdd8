"""Subject lines: drawn evenly, none where the channel shows none, all words of the batch on record."""

import numpy as np
import pyarrow as pa

from agent.tick.subjects import draw_subjects, subject_table
from tests.factories.plans import good_plan
from tools.copywriting import copy_hash, languages_of, subjects_of


def messages(*channels: str) -> pa.Table:
    n = len(channels)
    return pa.table({"template": ["thank_you@1"] * n, "message_kind": ["thank_you"] * n, "channel": list(channels)})


def test_s2_23_lines_are_drawn_evenly_with_their_propensity() -> None:
    draws = np.linspace(0, 1, 1_000, endpoint=False)
    number, propensity = draw_subjects(messages(*["email"] * 1_000), draws)
    assert np.bincount(number.to_numpy()).tolist() == [500, 500]
    assert set(propensity.to_pylist()) == {0.5}


def test_s2_23_a_text_message_has_no_subject_and_a_push_has_a_title() -> None:
    number, propensity = draw_subjects(messages("sms", "push", "email"), np.array([0.9, 0.9, 0.1]))
    assert number.to_pylist() == [None, 1, 0]
    assert propensity.to_pylist() == [None, 0.5, 0.5]
    assert draw_subjects(messages().cast(messages("email").schema), np.array([]))[0].to_pylist() == []


def test_s2_23_every_line_in_every_language_is_on_record_with_the_hash_of_its_words() -> None:
    options = messages("email", "sms")
    rows = subject_table(options, good_plan(), "b").to_pylist()
    expected = {
        (language, no, line)
        for language in languages_of("thank_you")
        for no, line in enumerate(subjects_of("thank_you", language))
    }
    assert {(row["language"], row["subject_no"], row["subject"]) for row in rows} == expected
    assert {row["copy_hash"] for row in rows if row["language"] == "de"} == {copy_hash("thank_you", "de")}
    assert len({row["copy_hash"] for row in rows}) == len(languages_of("thank_you"))
