# make book    build the site in _build/html
# make test    run the tests; SLOW=1: those too that take minutes
# make nightly two thousand random devices against an independent method
# make adversary look for a steady state that is wrong by more than its error
# make record  measure all claims and put their verdicts on record as the published ones
# make bench   measure the solver beside its peers, in an environment of its own
# make lint    check the style of the code
# make lock    choose the newest versions that pyproject.toml allows, in both requirements.txt
# make picture compute the picture in README.md anew (Fig. 2)
# make clean   remove what was built, and the environments
# make help    list all of this
#
# Every target that needs .venv sets it up on first use. A Python other than the first that fits: make book PYTHON=...;
# if .venv has another one, it is made anew.

VENV := .venv
BIN := $(VENV)/bin
UV := 0.13.9
COMPILE := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-header --quiet
SOURCES := $(filter-out book/readme.svg %__pycache__ %.pyc, $(wildcard lossnr/*.py lossnr/*/*.py \
	lossnr/*/*.json lossnr/*/*.toml book/* book/_ext/*/* book/_ext/*/*/*)) _config.yml _toc.yml

# Ignore an environment that is active, and where the user's pip installs elsewhere.
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME PIP_TARGET PIP_PREFIX PIP_ROOT PIP_CONSTRAINT PIP_REQUIRE_VIRTUALENV
export PIP_USER := 0

.PHONY: book test nightly adversary record bench lint lock picture clean help anew

book: _build/.built
	@echo "The book is in _build/html/index.html"

test: $(VENV)/.installed
	$(BIN)/python -m pytest --numprocesses auto --dist loadgroup $(if $(SLOW),-m 'slow or not slow')

nightly: $(VENV)/.installed
	HYPOTHESIS_PROFILE=nightly $(BIN)/python -m pytest tests/solver/test_random.py -m 'slow or not slow' --hypothesis-show-statistics

DEVICES := 300
SECONDS := 600
SEED := 0
adversary: $(VENV)/.installed
	OPENBLAS_NUM_THREADS=1 $(BIN)/python tests/solver/adversary.py --devices $(DEVICES) --seconds $(SECONDS) --seed $(SEED)

record: $(VENV)/.installed
	$(BIN)/python -c 'import json, pathlib; from lossnr.claims import judge; \
		verdicts = {entry["id"]: entry["verdict"] for entry in judge()}; \
		pathlib.Path("lossnr/claims/published.json").write_text(json.dumps(verdicts, indent=2) + "\n")'

bench: $(VENV)-bench/.installed
	cd benchmarks && ../$(VENV)-bench/bin/python run.py

lint: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

lock: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet uv==$(UV)
	$(BIN)/$(COMPILE) --extra book --extra test --extra build --upgrade --output-file requirements.txt
	$(BIN)/$(COMPILE) --extra bench --extra build --constraints requirements.txt --upgrade \
		--output-file benchmarks/requirements.txt

picture: _build/.built
	cp _build/html/book/figures/fig2.svg book/readme.svg

clean:
	rm -rf _build $(VENV) $(VENV)-bench

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

_build/.built: $(VENV)/.installed $(SOURCES)
	mkdir -p _build
	$(BIN)/lossnr book -o _build/html
	touch $@

$(VENV)-bench/.installed: requirements = benchmarks/requirements.txt
$(VENV)-bench/.installed: benchmarks/requirements.txt

# A Python that is named, and is not that of .venv.
IDENTITY := -c 'import sys; print(sys.base_prefix, sys.version)'
ifneq ($(and $(PYTHON),$(wildcard $(VENV)/.installed)),)
ifneq ($(shell $(PYTHON) $(IDENTITY) 2>&1),$(shell $(BIN)/python $(IDENTITY) 2>&1))
$(VENV)/.installed: anew
endif
endif

# The first Python from 3.11 to 3.13 with the modules that a virtual environment takes.
%/.installed: pyproject.toml requirements.txt
	@for python in $(or $(PYTHON),python3 python3.13 python3.12 python3.11 python); do \
		if $$python -c 'import sys, ensurepip, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
			>/dev/null 2>&1; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
		echo "lossnr needs Python 3.11, 3.12 or 3.13 with venv; $(or $(PYTHON),python3) is" \
			"$$($(or $(PYTHON),python3) --version 2>&1 | head -n 1). Choose one: make PYTHON=..." >&2; \
		exit 1; \
	fi; \
	set -x; $$found -m venv --clear $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		-r $(or $(requirements),requirements.txt)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@
