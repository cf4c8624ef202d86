# Everything a person does with this repository. `make help` lists it.
PYTHON ?= python3.11
JOBS ?= 2
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEMO := build/demo-workspace
FIRMS := build/demo-firms
# One thread per worker: the tests run in parallel already.
ONE_THREAD := OMP_NUM_THREADS=1 POLARS_MAX_THREADS=1 NUMBA_NUM_THREADS=1
LOCK := uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header
# pyspark is not ready for the pandas that everything else runs with: it has a place of its own.
SPARK := build/spark
IMAGE := --extra service --extra telemetry --extra letters

UV = $(if $(wildcard $(BIN)/uv),$(BIN)/)

.DEFAULT_GOAL := help
.PHONY: help setup demo live test test-install test-spark prove-spark coverage prove prove-service mutate screenshots pictures bench bench-service \
	bench-desks bench-journey bench-scale lint format \
	sbom audit lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 18

setup: $(READY) ## a .venv with everything, from a bare Python 3.11

$(READY): requirements.lock pyproject.toml
	test -x $(BIN)/pip || $$(command -v $(PYTHON) || echo python3) -m venv $(VENV)
	test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip sync --quiet --require-hashes requirements.lock
	VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install --quiet --no-deps -e .
	@touch $@

# One thread: on 20,000 known outcomes two only wait for each other.
demo: $(READY) ## the whole job on the synthetic lender, then a service with 300 applications; prints log-ins
	@rm -rf $(DEMO) $(FIRMS) && mkdir -p $(dir $(DEMO))
	$(BIN)/equipoise new $(DEMO) --example demo
	$(BIN)/equipoise check $(DEMO)
	$(BIN)/equipoise fit $(DEMO) --threads 1
	$(BIN)/equipoise balance $(DEMO)
	$(BIN)/equipoise report $(DEMO)
	$(BIN)/equipoise strategy seal $(DEMO)
	$(BIN)/equipoise new $(FIRMS) --example business
	$(BIN)/equipoise fit $(FIRMS) --threads 1
	$(BIN)/equipoise strategy seal $(FIRMS)
	cp $(FIRMS)/sealed/*.json $(DEMO)/sealed/
	$(BIN)/equipoise demo $(DEMO)
	@echo; echo "The report: $$(ls $(CURDIR)/$(DEMO)/build/*.html)"
	@echo "The program: $(CURDIR)/$(BIN)/equipoise"
	@echo "To call it by its name in this shell: source $(BIN)/activate"

live: demo ## the demo, then serves it until Ctrl-C
	$(BIN)/equipoise serve $(DEMO)

test: $(READY) ## all tests but the slow proofs (JOBS=2; SHUFFLE=7: in another order)
	$(ONE_THREAD) $(BIN)/pytest tests -m "not slow and not spark" -n $(JOBS) --dist worksteal \
		$(if $(SHUFFLE),--shuffle $(SHUFFLE))

test-spark: $(SPARK)/.ready ## Spark's part of the suites; needs Java
	$(ONE_THREAD) $(SPARK)/bin/pytest tests/parity tests/cluster -m "spark and not slow"

prove-spark: $(SPARK)/.ready ## Spark's slow proofs: names and odd values
	$(ONE_THREAD) $(SPARK)/bin/pytest tests/parity tests/cluster -m "spark and slow"

$(SPARK)/.ready: requirements-spark.lock pyproject.toml $(READY)
	test -x $(SPARK)/bin/python || $(BIN)/python -m venv --without-pip $(SPARK)
	VIRTUAL_ENV=$(CURDIR)/$(SPARK) $(BIN)/uv pip sync --quiet --require-hashes requirements-spark.lock
	VIRTUAL_ENV=$(CURDIR)/$(SPARK) $(BIN)/uv pip install --quiet --no-deps -e .
	@touch $@

coverage: $(READY) ## the tests on one core, with the lines they do not reach
	$(ONE_THREAD) $(BIN)/coverage run -m pytest tests -m "not slow and not spark"
	$(BIN)/coverage report

screenshots: $(READY) ## every page, both languages, wide and narrow, into build/screenshots; index.html shows them
	$(ONE_THREAD) $(BIN)/pytest -q tests/integration/service/screenshots.py
	@echo "Look at them: $(CURDIR)/build/screenshots/index.html"

pictures: $(READY) ## the pictures of the desks in docs/pictures, made anew from a demonstration
	$(ONE_THREAD) $(BIN)/pytest -q tests/integration/service/pictures.py

test-install: $(READY) ## the built wheel in an empty environment, with everything it needs
	$(BIN)/pytest tests/packaging -m "not spark"

prove: $(READY) ## the slow proofs: promised against true value over many seeds
	$(BIN)/pytest tests -m "slow and not spark" --ignore tests/packaging

prove-service: $(READY) ## the service's slow proofs: full counts of stops, kills and slow senders
	$(BIN)/pytest tests/integration/service -m slow

mutate: $(READY) ## some 120 seeded mutations of rooms that must not be wrong: which ones no test notices (ROOMS=drafts,papers SEED=13)
	$(ONE_THREAD) $(BIN)/python tests/mutation/mutate.py $(if $(ROOMS),--rooms $(ROOMS)) $(if $(SEED),--seed $(SEED))

# Peers that nothing of ours needs; without their own dependencies, which would undo the lock.
PEERS := build/peers/.ready

$(PEERS): $(READY)
	$(BIN)/uv pip install --quiet --python $(BIN)/python --target $(@D) --no-deps dice-ml==0.12 raiutils==0.4.2 \
		tqdm==4.70.1 zen-engine==2.1.3
	@touch $@

bench: $(READY) $(PEERS) ## ours beside its peers, in one table (SHORT=1: small sizes, ONLY=solver)
	$(BIN)/python -m benchmarks $(if $(SHORT),--short) $(ONLY)

bench-service: $(READY) ## the service beside pgbench and a bare loop, then among 5,000,000 decisions (SHORT=1)
	$(BIN)/python -m benchmarks $(if $(SHORT),--short) service growth

bench-journey: $(READY) ## the applicants' pages at 20 requests a second for 10 minutes, beside a batch and a balance (SHORT=1: half a minute; JOURNEY_DATABASE=postgresql)
	PYTHONPATH=. $(BIN)/python -m benchmarks $(if $(SHORT),--short) journey

bench-desks: $(READY) ## every page of the lender's people with 1,000,000 applications stored (SHORT=1; DESKS_DATABASE=postgresql)
	PYTHONPATH=. $(BIN)/python -m benchmarks $(if $(SHORT),--short) desks

bench-scale: $(SPARK)/.ready $(PEERS) ## Spark beside the local engine on one core and two; needs Java (SHORT=1)
	PYTHONPATH=. $(SPARK)/bin/python -m benchmarks $(if $(SHORT),--short) scale

lint: $(READY) ## ruff, formatting, mypy --strict, import contracts
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/mypy --strict src
	$(BIN)/lint-imports

format: $(READY) ## let ruff format and mend what it can
	$(BIN)/ruff format src tests benchmarks
	$(BIN)/ruff check --fix src tests benchmarks

# What the image holds, from its own lock; in an environment of its own, as nothing of ours needs the tools.
AUDIT := build/audit

$(AUDIT)/.ready: deploy/audit.lock $(READY)
	$(BIN)/uv venv -q --clear --python $(BIN)/python $(AUDIT)
	VIRTUAL_ENV=$(CURDIR)/$(AUDIT) $(BIN)/uv pip sync --quiet --require-hashes deploy/audit.lock
	@touch $@

sbom: $(AUDIT)/.ready ## the image's bill of materials, CycloneDX, at build/sbom.json
	$(AUDIT)/bin/cyclonedx-py requirements deploy/requirements.lock --output-reproducible -o build/sbom.json

audit: $(AUDIT)/.ready ## known vulnerabilities of what the image holds; says what could not be looked up
	@rm -f build/audit.json
	-@timeout 120 $(AUDIT)/bin/pip-audit --disable-pip --require-hashes -r deploy/requirements.lock \
		--format json --output build/audit.json > build/audit.log 2>&1
	$(BIN)/python .ci/audit.py build/audit.json

lock: ## pin every dependency with its hashes
	$(UV)$(LOCK) --extra dev pyproject.toml -o requirements.lock
	$(UV)$(LOCK) $(IMAGE) -c requirements.lock pyproject.toml -o deploy/requirements.lock
	@mkdir -p build && sed '/^pandas==/,/[^\\]$$/d' requirements.lock > build/any-pandas.lock
	printf 'pytest\nhypothesis\npsycopg[binary]\n' | $(UV)$(LOCK) --extra spark -c build/any-pandas.lock pyproject.toml - \
		-o requirements-spark.lock
	echo hatchling | $(UV)$(LOCK) - -o deploy/build.lock
	printf 'pip-audit\ncyclonedx-bom\n' | $(UV)$(LOCK) - -o deploy/audit.lock

clean: ## remove what can be made again, but not .venv
	rm -rf build dist .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage htmlcov
