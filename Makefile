# make book    build the site in _build/html
# make test    run the tests
# make record  ask all claims and put their verdicts on record as the published ones
# make lint    check the style of the code
# make lock    choose the newest versions that pyproject.toml allows, in requirements.txt
# make picture compute the picture in README.md anew (Fig. 2)
# make clean   remove what was built, and .venv
# make help    list all of this
#
# Both set up .venv on first use. A Python other than the first that fits: make book PYTHON=...

VENV := .venv
BIN := $(VENV)/bin
UV := 0.13.9
SOURCES := $(wildcard lossnr/*.py lossnr/*.json lossnr/claims/*.py book/* book/_ext/*) _config.yml _toc.yml

# Another environment that is active is none of ours.
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME

.PHONY: book test record lint lock picture clean help

book: _build/.built
	@echo "The book is in _build/html/index.html"

test: $(VENV)/.installed
	$(BIN)/python -m pytest

record: $(VENV)/.installed
	$(BIN)/python -c 'import json, pathlib; from lossnr.claims import judge; \
		verdicts = {entry["id"]: entry["verdict"] for entry in judge()}; \
		pathlib.Path("lossnr/published.json").write_text(json.dumps(verdicts, indent=2) + "\n")'

lint: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

lock: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet uv==$(UV)
	$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 \
		--upgrade --generate-hashes --no-annotate --no-header --quiet --output-file requirements.txt

picture: _build/.built
	$(BIN)/python -c 'import nbformat, pathlib; \
		cells = nbformat.read("_build/jupyter_execute/book/fig2.ipynb", 4).cells; \
		data = [o.data for c in cells for o in c.get("outputs", []) if "data" in o]; \
		svg = next(d["image/svg+xml"] for d in data if "image/svg+xml" in d); \
		pathlib.Path("fig2.svg").write_text(svg)'

clean:
	rm -rf _build $(VENV)

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

_build/.built: $(VENV)/.installed $(SOURCES)
	rm -f $@
	$(BIN)/jupyter-book build --all -W --keep-going .
	touch $@

# The first Python from 3.11 to 3.13 with the modules that a virtual environment takes.
$(VENV)/.installed: pyproject.toml requirements.txt
	@for python in $(or $(PYTHON),python3 python3.13 python3.12 python3.11 python); do \
		if $$python -c 'import sys, ensurepip, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
			>/dev/null 2>&1; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
		echo "lossnr needs Python 3.11, 3.12 or 3.13 with venv; $(or $(PYTHON),python3) is" \
			"$$($(or $(PYTHON),python3) --version 2>&1 | head -n 1). Choose one: make PYTHON=..." >&2; \
		exit 1; \
	fi; \
	set -x; $$found -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@
