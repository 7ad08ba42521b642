PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
N ?= 2000

.PHONY: install migration demo serve test soak installation agreement families rules-page openapi demonstrations pictures lock clean

$(VENV)/.ready: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

install: $(VENV)/.ready

demo: $(VENV)/.ready
	$(BIN)/placements demo --out results/demo

test: $(VENV)/.ready
	$(BIN)/python -m tests

# The service on this machine; its database is in a folder that only its owner reads.
serve: export PLACEMENTS_DATABASE ?= sqlite:///placements-data/placements.db
serve: $(VENV)/.ready
	mkdir -p -m 700 placements-data
	$(BIN)/placements serve

# The service under load and kills: half an hour on a machine that does nothing else.
soak: $(VENV)/.ready
	for part in overhead readers pages many_jobs kills operations; do $(BIN)/python -m tests.soak.$$part || exit 1; done

# In empty environments, with the oldest and the newest pip.
installation:
	$(PYTHON) tests/installation.py

agreement: $(VENV)/.ready
	$(BIN)/python -m tests.agreement N=$(N)

# Whether the engine has become slower on a family of partnerships, by its ratio to a baseline of the same run.
families: $(VENV)/.ready
	$(BIN)/python -m benchmarks.families --against

rules-page: $(VENV)/.ready
	$(BIN)/placements rules --markdown > models/RULES.md

# The kept OpenAPI, after a change of the API that is meant.
openapi: $(VENV)/.ready
	$(BIN)/python -m api.serving.kept

# The stored workbooks, and the tables of the README that are solved from them.
demonstrations: $(VENV)/.ready
	for name in developing-together january-2022 two-universities; do \
		$(BIN)/python -m benchmarks demonstration --name $$name --out allocator/demonstration/$$name.xlsx; done
	$(BIN)/python -m benchmarks demonstrations

# After a change of api/store/tables.py.
migration: $(VENV)/.ready
	$(BIN)/python -m api.store.migrations "$(WORDS)"

pictures: demo
	$(BIN)/python -m benchmarks.pictures results/demo
	$(BIN)/python -m tests.pictures

lock:
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --extra dev --output-file requirements.lock pyproject.toml requirements-build.in
	$(PYTHON) tests/installation.py

clean:
	rm -rf $(VENV) results .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
