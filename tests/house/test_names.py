"""Modules and tests are called what they are."""

import ast
import re

from .tree import PACKAGES, ROOT, python_files

BANNED_MODULES = {"utils", "util", "common", "core", "helpers", "schemas", "misc", "model", "models"}


def test_no_module_has_a_name_that_says_nothing() -> None:
    found = [str(path) for path, _ in python_files(*PACKAGES, "tests") if path.stem in BANNED_MODULES]
    assert not found


def test_every_test_folder_is_a_package() -> None:
    folders = {path.parent for path, _ in python_files("tests")}
    assert not [str(folder) for folder in folders if not (ROOT / folder / "__init__.py").exists()]


def test_every_test_asserts_something() -> None:
    """A test without an assertion, an expected error or a named check cannot fail."""
    asserting = re.compile(r"\bassert|raises\(|warns\(|expect\(|assert_|check_|verify|contract")
    hollow = [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in python_files("tests")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and not asserting.search(ast.unparse(node))
    ]
    assert not hollow


def test_every_test_name_is_used_once_per_file() -> None:
    for path, tree in python_files("tests"):
        names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
        assert len(names) == len(set(names)), path
