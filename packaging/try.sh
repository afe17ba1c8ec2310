#!/bin/sh
# Installs localr1 into .venv and asks its bundled model a question; nothing outside the repository is touched
# but the history of chats, which --no-save leaves alone too.
set -eu
. "$(dirname "$0")/setup.sh"

make_venv
.venv/bin/python -m pip install --quiet .
.venv/bin/localr1 ask --no-save --thinking show "What is 47 + 85?"
echo "
Open the chat with .venv/bin/localr1" >&2
