"""Small files, small functions."""

import ast

from .tree import PACKAGES, ROOT, python_files

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 50


def test_no_file_is_longer_than_400_lines() -> None:
    long = {
        str(path): n
        for path, _ in python_files(*PACKAGES, "tests", "benchmarks")
        if (n := len((ROOT / path).read_text().splitlines())) > MAX_FILE_LINES
    }
    assert not long


def test_no_function_is_longer_than_50_lines() -> None:
    long = {
        f"{path}:{node.lineno} {node.name}": n
        for path, tree in python_files(*PACKAGES)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (n := (node.end_lineno or 0) - node.lineno + 1) > MAX_FUNCTION_LINES
    }
    assert not long
