"""Assignment: sticky, sound in size, independent of the list it is made from."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from scipy.stats import kstest, norm

from memory.domain.canonical import unit_interval
from tools.experiments import assign, sample_ratio, unit_intervals

KEY = b"a secret of thirty-two bytes....."


def people(n: int, first: int = 0) -> pa.Table:
    ids = [f"p{i:07d}" for i in range(first, first + n)]
    return pa.table({"person_id": ids, "cohort": ["vip" if i % 4 == 0 else "first_time" for i in range(n)]})


def test_the_columnar_hash_equals_the_domain_hash() -> None:
    ids = pa.array(["p1", "p2", "客户"])
    assert unit_intervals(KEY, ("arm", "x"), ids).tolist() == [
        unit_interval(KEY, "arm", "x", i) for i in ids.to_pylist()
    ]


def test_i11_assignment_never_changes_when_the_list_does() -> None:
    before = assign(KEY, "bfcm", people(5_000), 0.1)
    after = assign(KEY, "bfcm", pa.concat_tables([people(500, 10_000), people(5_000)]), 0.1)
    arms = dict(zip(after["person_id"].to_pylist(), after["arm"].to_pylist(), strict=True))
    assert [arms[person] for person in before["person_id"].to_pylist()] == before["arm"].to_pylist()


def test_s2_16_every_cohort_is_split_at_the_rate() -> None:
    table = assign(KEY, "bfcm", people(40_000), 0.1)
    for cohort in ("vip", "first_time"):
        arms = table.filter(pc.field("cohort") == cohort)["arm"]
        n_control = pc.sum(pc.equal(arms, "control")).as_py()
        assert not sample_ratio(len(arms) - n_control, n_control, 0.1).is_suspicious


@pytest.mark.slow
def test_b8_the_p_values_of_an_a_a_test_over_200_seeds_are_uniform() -> None:
    """The same 2,500 people, of whom every fifth comes back whatever happens, divided under 200 keys."""
    table = people(2_500)
    came_back = np.arange(2_500) % 5 == 0
    p_values = []
    for seed in range(200):
        arms = assign(KEY + bytes([seed]), "a-a", table, 0.3).sort_by("person_id")["arm"]
        withheld = pc.equal(arms, "control").combine_chunks().to_numpy(zero_copy_only=False)
        shares, sizes = (came_back[~withheld].mean(), came_back[withheld].mean()), (np.sum(~withheld), np.sum(withheld))
        pooled = came_back.mean()
        z = (shares[0] - shares[1]) / np.sqrt(pooled * (1 - pooled) * (1 / sizes[0] + 1 / sizes[1]))
        p_values.append(2 * norm.sf(abs(z)))
    assert kstest(p_values, "uniform").pvalue > 0.01
    assert 2 <= sum(p < 0.05 for p in p_values) <= 20


def test_another_experiment_splits_independently() -> None:
    first, second = (assign(KEY, name, people(20_000), 0.5)["arm"] for name in ("one", "two"))
    same = pc.mean(pc.cast(pc.equal(first, second), pa.float64())).as_py()
    assert 0.48 < same < 0.52


def test_b8_a_leak_of_a_tenth_of_the_control_group_is_seen() -> None:
    assert sample_ratio(9_000, 1_000, 0.1).is_suspicious is False
    assert sample_ratio(9_100, 900, 0.1).is_suspicious is True


def test_rates_at_the_ends() -> None:
    assert set(assign(KEY, "x", people(100), 0.0)["arm"].to_pylist()) == {"treated"}
    assert set(assign(KEY, "x", people(100), 1.0)["arm"].to_pylist()) == {"control"}
