"""The lock is hashed and names no host; the six package names are ours alone."""

import importlib.metadata
import re
import tomllib

import pytest

from .tree import PACKAGES, ROOT

LOCKS = ("requirements.lock", "requirements-spark.lock")


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_names_no_host_and_hashes_every_pin(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    pins = re.split(r"\n(?=\S)", text.strip())
    assert len(pins) > 100
    assert not [pin.splitlines()[0] for pin in pins if "--hash=sha256:" not in pin]


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.split(r"[\[><=~!; ]", line)[0].lower().replace("_", "-") for line in wanted}
    locked = {
        line.split("==")[0].lower() for line in (ROOT / "requirements.lock").read_text().splitlines() if "==" in line
    }
    assert not {name for name in names if name not in {re.sub(r"\[.*\]", "", pin) for pin in locked}}


def test_no_other_distribution_owns_one_of_our_package_names() -> None:
    owners = importlib.metadata.packages_distributions()
    taken = {name: owners[name] for name in PACKAGES if set(owners.get(name, [])) - {"second-order"}}
    assert not taken


def test_every_package_is_typed() -> None:
    assert not [name for name in PACKAGES if not (ROOT / name / "py.typed").exists()]


def test_the_top_level_holds_only_what_is_agreed() -> None:
    allowed = {*PACKAGES, "tests", "docs", "benchmarks", "pyproject.toml", "README.md", "CHANGELOG.md", "Makefile"}
    allowed |= {"setup.sh", "requirements.lock", "requirements-spark.lock", "LICENSE", "Dockerfile", "compose.yaml"}
    from .tree import tracked

    top = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert not {name for name in top - allowed if not name.startswith(".")}
