# Set-up needs Python 3.11 to 3.13, git and make; everything else goes into .venv.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
JOBS   ?= 2
PIP    := $(BIN)/python -m pip --disable-pip-version-check install --quiet

.PHONY: setup demo test matrix lint bench generate readme urns cases iam lock simulator policy-lint clean

# The lock holds the hash of every file; the project itself is installed on top, without touching the network.
$(VENV)/run.stamp: requirements/run.txt pyproject.toml
	@$(PYTHON) -c 'import sys; ok = (3, 11) <= sys.version_info[:2] <= (3, 13); ok or sys.exit("Modelkeel needs Python 3.11 to 3.13, this is %d.%d: make PYTHON=python3.11" % sys.version_info[:2])'
	@echo "Setting up $(VENV) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) --require-hashes --no-deps -r requirements/run.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements/dev.txt
	@echo "Adding the tools for development ..."
	@$(PIP) --require-hashes --no-deps -r requirements/dev.txt
	@touch $@

setup: $(VENV)/dev.stamp  ## install everything for development into .venv

demo: $(VENV)/run.stamp  ## answers in; two repositories, recorded, checked, priced and drawn, out
	@PATH="$(abspath $(BIN)):$$PATH" sh examples/demo.sh

test: $(VENV)/dev.stamp  ## every test; of the covering matrix, the cases in which most pairs of options meet
	@$(BIN)/python -m pytest -n $(JOBS) --dist worksteal -q -m "not wide"

matrix: $(VENV)/dev.stamp  ## the further cases of the covering matrix and of the slowest comparisons
	@$(BIN)/python -m pytest -n $(JOBS) --dist worksteal -q -m "wide"

lint: $(VENV)/dev.stamp  ## style, types, import rules
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

bench: $(VENV)/dev.stamp  ## what the performance claims rest on
	@for file in benchmarks/*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

generate: $(VENV)/dev.stamp  ## rewrite what is derived from the answers model, the controls and the schemas
	@$(BIN)/python -m modelkeel.generate

readme: demo  ## renew the README's picture; its figures are those that the demo prints
	@cp .demo/fraud_realtime-prod.svg docs/images/

urns: $(VENV)/dev.stamp  ## renew the URNs of the examples, for review: a URN that changes replaces what lives behind it
	@PYTHONPATH=tests $(BIN)/python -m cases.urns

cases: $(VENV)/dev.stamp  ## find further cases of the covering matrix after a change of the answers
	@PYTHONPATH=tests $(BIN)/python -m cases.case

iam: $(VENV)/dev.stamp  ## renew the pages that say who can do what in the examples
	@PYTHONPATH=tests $(BIN)/python -m iam.reference

lock: $(VENV)/dev.stamp  ## renew the locks within the ranges of pyproject.toml
	@$(PIP) uv
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml --group dev -o requirements/dev.txt
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml --group build -c requirements/dev.txt -o requirements/run.txt

# AGPL-3.0: it runs in a process of its own, for the tests in tests/iam alone, and is part of nothing that is shipped.
simulator:  ## the IAM simulator that decides who may do what; needs node and npm
	@npm install --prefix tests/iam/simulator --no-audit --no-fund --no-package-lock --silent

# In an environment of their own: they bring old tables and sixty packages that nothing else here needs.
policy-lint:  ## parliament and cloudsplaining, which lint the recorded policies
	@$(PYTHON) -m venv tests/iam/lint/.venv
	@tests/iam/lint/.venv/bin/python -m pip install --quiet --disable-pip-version-check -r tests/iam/lint/requirements.txt

clean:  ## remove what make created
	@rm -rf $(VENV) .demo
