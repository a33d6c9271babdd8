"""The documents hold: glossary, decisions, trace, README."""

import ast
import re

from .tree import PACKAGES, ROOT, python_files

GLOSSARY = (ROOT / "docs" / "glossary.md").read_text()
TRACE = (ROOT / "docs" / "requirements.md").read_text()
STANDARD_TERMS = {
    "segment",
    "cohort",
    "journey",
    "step",
    "plan",
    "offer",
    "incentive",
    "consent",
    "suppression",
    "exposure",
    "send",
    "delivery",
    "uplift",
    "lift",
    "RPR",
    "AOV",
    "CLV",
}


def defined_names() -> set[str]:
    found = set()
    for path, tree in python_files(*PACKAGES):
        module = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
        found.add(module)
        for node in tree.body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                found.add(f"{module}.{node.name}")
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                found |= {f"{module}.{target.id}" for target in targets if isinstance(target, ast.Name)}
    return found


def all_tests() -> dict[str, set[str]]:
    return {
        str(path): {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
        for path, tree in python_files("tests")
    }


def test_every_code_reference_of_the_glossary_exists() -> None:
    referred = set(re.findall(r"`((?:agent|tools|prompts|memory|api|eval)\.[\w.]+)`", GLOSSARY))
    assert len(referred) > 20
    assert not referred - defined_names()


def test_the_glossary_defines_the_field_s_terms() -> None:
    entries = {term.strip().lower() for term in re.findall(r"^\| \*\*(.+?)\*\*", GLOSSARY, re.M)}
    assert not {term.lower() for term in STANDARD_TERMS} - entries


def test_every_decision_is_short_and_names_its_check() -> None:
    records = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert len(records) >= 5
    for record in records:
        text = record.read_text()
        assert len(text.splitlines()) <= 40, record.name
        named = re.findall(r"`(tests/[\w/]+\.py)", text.partition("## Check")[2])
        assert named, record.name
        assert not [name for name in named if not (ROOT / name).exists()], record.name


def test_the_trace_has_all_145_rows_and_every_proof_exists() -> None:
    rows = re.findall(r"^\| ((?:S1|S2|DC)-\d\d) \| (.*?) \| (.*?) \| (.*?) \|$", TRACE, re.M)
    assert len({row[0] for row in rows}) == len(rows) == 145
    tests = all_tests()
    for row_id, _what, where, proof in rows:
        if proof == "open":
            continue
        named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", proof)
        assert named, row_id
        for file, name in named:
            assert name in tests.get(file, set()), f"{row_id}: {file}::{name}"
        for path in re.findall(r"`([\w/.]+)`", where):
            assert (ROOT / path).exists(), f"{row_id}: {path}"
