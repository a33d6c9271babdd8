# Each target sets up what is missing first.
PY := .venv/bin/python
export PYTHONHASHSEED ?= 0
# bytecode is kept: without it each process compiles the libraries anew, for seconds
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup demo workspace test test-long check format lint types contracts fast bench screenshots spark faults learning lock llm-record clean

setup: ; @./setup.sh

demo: setup ; @$(PY) -m api.cli.main demo

# the demo in the browser; makes it first where there is none
workspace: setup
	@test -f demo/demo.json || $(PY) -m api.cli.main demo
	@$(PY) -m api.cli.main --home demo serve

test: setup ; @$(PY) -m pytest -n 2 --dist loadfile -m "not long"

# further variants of what `make test` shows once: other providers, other databases, more planted bugs
test-long: setup ; @$(PY) -m pytest -n 2 --dist loadfile -m long

# side by side: the type checker works on one core only
check: setup ; @$(MAKE) --no-print-directory -j3 -O lint types contracts fast

format: setup ; @.venv/bin/ruff check -q --fix . ; .venv/bin/ruff format -q .

lint: setup
	@.venv/bin/ruff format --check -q .
	@.venv/bin/ruff check -q .

types: setup ; @.venv/bin/mypy

contracts: setup
	@out=$$(.venv/bin/lint-imports --no-cache) || { echo "$$out"; exit 1; }; echo "$$out" | tail -n 11

fast: setup ; @$(PY) -m pytest -q -n 2 --dist loadfile -m "not slow and not long and not stored and not postgres and not browser and not spark"

# make bench, or ONLY=profiles make bench
bench: setup ; @$(PY) -m benchmarks $(ONLY)

# every page of the workspace as pictures under build/screenshots, and those of docs/images: make screenshots,
# or ONLY="--only home chat" make screenshots
screenshots: setup ; @$(PY) -m tests.api.ui.gallery $(ONLY)

spark: setup
	@.venv/bin/uv pip install -q --python .venv/bin/python --require-hashes -r requirements-spark.lock
	@$(PY) -m pytest -m spark

# figures of reliability, long forms (hours): make faults, or ONLY="kills zones" make faults
faults: setup ; @$(PY) -m eval.faults $(ONLY)

# what three measured cycles change in shops of known effects: two CPU minutes
learning: setup ; @$(PY) -m eval.learning $(ONLY)

lock:
	@.venv/bin/uv pip compile -q --universal --generate-hashes --extra dev --no-header --no-annotate pyproject.toml -o requirements.lock
	@.venv/bin/uv pip compile -q --universal --generate-hashes --extra dev --extra spark --no-header --no-annotate pyproject.toml -c requirements.lock -o requirements-spark.lock
	@.venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate benchmarks/peers.in -o requirements-bench.lock

clean: ; rm -rf .venv .mypy_cache .pytest_cache .ruff_cache demo
