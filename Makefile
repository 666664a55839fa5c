# The same words on a laptop and in CI. `make` lists them.
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

help:  ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

setup: .venv/ready  ## make .venv with the locked dependencies

.venv/ready: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --requirement requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup  ## run the main job on the bundled sample and print the result
	$(BIN)/cxtext demo

test: setup  ## run the tests
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile

test-postgresql: setup  ## run the tests with every store on PostgreSQL
	$(BIN)/python -m pytest --db postgresql

check: setup  ## lint, types, layers, licences, known holes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m release.licences
	$(BIN)/python -m release.audit

fix: setup  ## mend what the linter can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

serve: setup  ## open the dashboard on the sample
	$(BIN)/cxtext demo --serve

docs: setup  ## build the documentation into build/docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

wheel: setup  ## build the wheel into dist/
	$(BIN)/python -m build --wheel --no-isolation --outdir dist

licences: setup  ## fail on a licence that is not permissive, and on a list that is not up to date
	$(BIN)/python -m release.licences

audit: setup  ## ask for known holes in what cxtext runs on
	$(BIN)/python -m release.audit

release: setup  ## wheel, source, bill of materials, audit, checksums; KEY=~/.ssh/id_ed25519 signs them
	$(BIN)/python -m release.build $(if $(KEY),--key $(KEY)) $(ARGS)

clean:  ## remove what make has made
	rm -rf .venv dist build cxtext-demo

.PHONY: help setup docs demo test test-postgresql check fix serve wheel licences audit release clean
