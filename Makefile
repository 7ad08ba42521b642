PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
N ?= 2000

.PHONY: demo test agreement rules-page pictures lock clean

$(VENV)/.ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

demo: $(VENV)/.ready
	$(BIN)/placements demo --out results/demo

test: $(VENV)/.ready
	$(BIN)/python -m tests

agreement: $(VENV)/.ready
	$(BIN)/python -m tests.agreement N=$(N)

rules-page: $(VENV)/.ready
	$(BIN)/placements rules --markdown > models/RULES.md

pictures: demo
	$(BIN)/python -m benchmarks.pictures results/demo

lock:
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --extra dev --output-file requirements.lock pyproject.toml requirements-build.in

clean:
	rm -rf $(VENV) results .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
