# The project's commands on one page.
#   make run    starts the gateway with the demo        make test        everything but benches and soak
#   make check  lint, format, types                     make bench       figures, as ratios in one run
#   make cov    branch coverage of the pure packages    make image-test  builds and runs the container image
#   make bench-peers  the same against Squid, Privoxy and e2guardian from Debian (as root; QUICK=1, KEEP=1)
#   make mutation  small faults put into the decision: do the tests see each? (half an hour)
#   make canary a hundred thousand generated requests and answers: no byte for adults may come to a minor
#   make soak   minutes of load with faults, bombs, reloads and killed workers: what leaks, fails or grows
#   make fuzz   hostile pages for every reader (SECONDS=30 for each, READER=json-ld for one)
# PYTHON_VERSION=3.13 asks for that Python; without it the first fitting one is taken (.ci/find-python).
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:

PYTHON_VERSION ?=
VENV := .venv$(if $(PYTHON_VERSION),-$(PYTHON_VERSION))
BIN := $(VENV)/bin
DATA ?= var
WORKERS ?= 2
# Tests that run at once: on two cores three, because many wait for processes that they start.
TESTS_AT_ONCE ?= 3

.PHONY: run test check types lint unit cov wheel bench bench-peers fuzz mutation canary soak image-test tools clean
run: $(VENV)/.installed
	@exec $(BIN)/qorgan run --data $(DATA)

test: tools check unit wheel

check: lint types

lint: $(VENV)/.tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.tested
	$(BIN)/mypy

# The tests start some hundred gateways; each would compile its modules anew where nothing may be written.
unit: $(VENV)/.tested tools
	env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest -q -n $(TESTS_AT_ONCE) --dist worksteal

PURE := document labels hosts actions law policy profiles decision bundle enforce
cov: $(VENV)/.tested
	$(BIN)/python -m pytest -q -n $(WORKERS) tests/cases tests/unit tests/property $(foreach p,$(PURE),--cov=gateway.$(p)) --cov-branch --cov-report=term-missing

wheel: $(VENV)/.tested
	rm -rf build/wheel && $(BIN)/python -m build --wheel --outdir build/wheel . >build/wheel.log 2>&1 || { cat build/wheel.log; exit 1; }
	$(BIN)/check-wheel-contents build/wheel/*.whl

bench: $(VENV)/.tested
	$(BIN)/python -m tests.bench

# Installs the three as root, starts no service, and ends what it started.
bench-peers: $(VENV)/.tested
	$(BIN)/python -m tests.bench.bench_peers $(if $(QUICK),--quick) $(if $(KEEP),--keep)

# Small faults put into gateway/decision, one at a time: do the tests see each? Bounded by MINUTES.
MINUTES ?=
mutation: $(VENV)/.tested
	$(BIN)/python -m tests.mutation --jobs $(WORKERS) --minutes $(or $(MINUTES),45)

# Options of tests/fuzz: SECONDS for each target, READER (one target), SEED.
SECONDS ?= 30
READER ?=
SEED ?= 1
fuzz: $(VENV)/.tested
	$(BIN)/python -m tests.fuzz --seconds $(SECONDS) --seed $(SEED) $(if $(READER),--reader $(READER))

# Options of tests/canary: REQUESTS, SEED. A fault is kept: python -m tests.canary --replay FILE.
REQUESTS ?= 100000
canary: $(VENV)/.tested
	$(BIN)/python -m tests.canary --requests $(REQUESTS) --seed $(SEED)

# Options of tests/soak: MINUTES (20), WORKERS, SEED.
soak: $(VENV)/.tested
	$(BIN)/python -m tests.soak --minutes $(or $(MINUTES),20) --workers $(WORKERS) --seed $(SEED)

image-test:
	docker/test-image.sh

# Programs that the tests drive, by Debian's package names. As root they are installed; otherwise the names are said.
TOOLS := curl:curl chromium:chromium certutil:libnss3-tools openssl:openssl node:nodejs firefox-esr:firefox-esr
tools:
	@missing=""; for pair in $(TOOLS); do command -v "$${pair%%:*}" >/dev/null || missing="$$missing $${pair##*:}"; done; \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "installing for the tests:$$missing"; apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	  else echo "The tests need these packages (Debian's names):$$missing" >&2; exit 1; fi; fi

build:
	@mkdir -p build

$(VENV)/bin/python:
	@python=$$(.ci/find-python $(PYTHON_VERSION)) && $$python -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml
	@echo "installing Qorgan into $(VENV) …" >&2
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -e .
	@touch $@

$(VENV)/.tested: $(VENV)/bin/python pyproject.toml | build
	@echo "installing Qorgan and its test tools into $(VENV) …" >&2
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -e '.[test]'
	@touch $(VENV)/.installed $@

clean:
	rm -rf .venv .venv-* build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
