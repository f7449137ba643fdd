# make report   build the report into _report/ (sets itself up first)
# make test     every check that CI runs
# make notebooks, make docs, make lab, make lock, make format, make clean
# make bench, make soak, make synthesis

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
REPORT_READY := $(VENV)/report.stamp
TEST_READY := $(VENV)/test.stamp
OPTIONS ?=

.DEFAULT_GOAL := report
.PHONY: report test lint types contract pairs unit notebooks-valid notebooks docs lab lock bench soak synthesis format clean

report: $(REPORT_READY)
	$(BIN)/cart-report build $(OPTIONS)

test: lint types contract pairs unit notebooks-valid

lint: $(TEST_READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(TEST_READY)
	$(BIN)/mypy

contract: $(TEST_READY)
	$(BIN)/lint-imports

pairs: $(TEST_READY)
	$(BIN)/cart-report notebooks --check

unit: $(TEST_READY)
	$(BIN)/pytest --numprocesses auto --dist loadfile

# The stored outputs are recomputed and compared text by text, SVG figures included.
notebooks-valid: $(TEST_READY)
	$(BIN)/pytest --nbval -p no:cacheprovider --numprocesses auto --dist loadfile notebooks

notebooks: $(TEST_READY)
	$(BIN)/cart-report notebooks

docs: $(TEST_READY)
	$(BIN)/cart-report document

lab: $(TEST_READY)
	$(BIN)/jupyter lab notebooks

bench: $(TEST_READY)
	$(BIN)/python tests/bench_build.py
	$(BIN)/python tests/bench.py
	$(BIN)/python tests/bench_stats.py
	$(BIN)/python tests/bench_size.py
	$(BIN)/python tests/article/audit/benchmark.py

# The embedded cohort again, cohorts at the edges and at random, and every sentence of a hundred:
# an hour and three quarters.
soak: synthesis
	$(BIN)/python tests/soak.py
	$(BIN)/python tests/prose/prose_soak.py

# The embedded cohort made again, byte by byte, after a change of what makes it: ten minutes.
synthesis: $(TEST_READY)
	$(BIN)/python tests/article/synthesis/made_from.py

format: $(TEST_READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Needs uv; writes no index address, so the locks work with any mirror.
COMPILE := uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header \
	--python-version 3.11 pyproject.toml --group build
lock:
	$(COMPILE) --output-file requirements.lock
	$(COMPILE) --extra test --extra lab --extra certify --constraint requirements.lock \
		--output-file requirements-test.lock

$(REPORT_READY): requirements.lock pyproject.toml
	sh tools/install.sh $(PYTHON) $(VENV) requirements.lock
	touch $@

$(TEST_READY): requirements-test.lock $(REPORT_READY)
	sh tools/install.sh $(PYTHON) $(VENV) requirements-test.lock
	touch $@

clean:
	rm -rf $(VENV) _report _book .pytest_cache .mypy_cache .ruff_cache .hypothesis
