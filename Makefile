# `make help` lists what can be done.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Tests run in two processes; those that share a fixture with Keras, or a server, in one of them.
TWO := -n 2 --dist loadgroup

# The app and the tests start many processes: each would compile the whole package again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup run classroom test test-fast test-all check bench bench-pictures bench-shop bench-load torture fuzz ablation notebooks lock format

help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

setup: $(VENV)/.ready ## Create .venv and install what the app needs

$(VENV)/.ready: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is %s. Try: make PYTHON=python3.11 setup" % sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.ready-dev: requirements-dev.txt $(VENV)/.ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

$(VENV)/.ready-browser: $(VENV)/.ready-dev
	sh tests/browser/install_chromium.sh $(BIN)/python
	@touch $@

run: setup ## Start the app and open the browser at it
	-@$(BIN)/python -m fmnist data > /dev/null
	$(BIN)/python -m streamlit run app.py

classroom: setup ## Serve a class on the network: names, PINs, roles, limits
	$(BIN)/python -m fmnist classroom --serve

test-fast: $(VENV)/.ready-dev ## Run unit and page tests that start no processes, two at a time
	$(BIN)/python -m pytest $(TWO) -m "not slow and not processes" tests/unit tests/app

test: $(VENV)/.ready-browser ## Run unit, page and browser tests
	$(BIN)/python -m pytest $(TWO) -m "not slow" tests/unit tests/app
	$(BIN)/python -m pytest $(TWO) -m "not slow" tests/browser

test-all: $(VENV)/.ready-browser ## Run the slow tests, too
	$(BIN)/python -m pytest $(TWO) tests/unit tests/app
	$(BIN)/python -m pytest $(TWO) tests/browser
	$(BIN)/python -m pytest $(TWO) tests/torture tests/fuzz

torture: $(VENV)/.ready-dev ## Kill trainings at random moments, 30 rounds (over twenty minutes)
	FMNIST_TORTURE_ROUNDS=30 $(BIN)/python -m pytest -s tests/torture

fuzz: $(VENV)/.ready-dev ## Try damaged pictures, archives, runs and addresses, all of them (some minutes)
	FMNIST_FUZZ_SCALE=1 $(BIN)/python -m pytest -s tests/fuzz

check: $(VENV)/.ready-dev ## Lint, format, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.ready-dev ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.ready-browser ## Measure side by side
	$(BIN)/python -m benchmarks

bench-pictures: setup ## Classify the pictures in FMNIST_PICTURES, by class and by step; sheets in .bench/pictures
	$(BIN)/python -m benchmarks.pictures

bench-shop: setup ## Classify validation images drawn as shop pictures, alone and worn
	$(BIN)/python -m benchmarks.shop_pictures

bench-load: $(VENV)/.ready-dev ## Fifty sessions at once: pages a second, redraws, uploads, memory (five minutes)
	$(BIN)/python -m benchmarks.load $(LOAD)

ablation: setup ## Train the cnn without each of its decisions, and with others (half an hour; resumable)
	$(BIN)/python -m benchmarks.ablation

notebooks: $(VENV)/.ready-dev models/cnn-quick/report.json ## Run the shipped notebooks again, with charts alone (ten minutes)
	$(BIN)/python -m fmnist notebooks cnn-quick -o notebooks --execute --strip-pictures

models/cnn-quick/report.json:
	$(BIN)/python -m fmnist train --network cnn --preset quick --run cnn-quick

lock: ## Pin requirements*.txt again from requirements*.in (needs uv)
	for name in requirements requirements-endpoint requirements-extras requirements-dev requirements-jax; do \
		uv pip compile --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url $$name.in -o $$name.txt; \
	done
