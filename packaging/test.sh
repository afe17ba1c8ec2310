#!/bin/sh
# Installs localr1 with what its developers use into .venv, then checks it: style, types, imports, tests.
# Arguments go to pytest.
set -eu
. "$(dirname "$0")/setup.sh"

make_venv
.venv/bin/python -m pip install --quiet --editable . --group dev
.venv/bin/ruff check .
.venv/bin/ruff format --check .
.venv/bin/mypy
.venv/bin/lint-imports
.venv/bin/pytest "$@"
