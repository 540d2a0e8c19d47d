#!/bin/sh
# Hands over to scripts/bootstrap.py with the newest Python that works here; PYTHON=… names another.
# Candidates are tried by running them: a pyenv shim can exist for a version that is not there.
set -eu
cd "$(dirname "$0")/.."

version_and_venv() { "$1" -c 'import sys, ensurepip, ssl; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
version() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
# One that is not good enough still says in one sentence what is missing.
runs() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 6))' >/dev/null 2>&1; }

find_python() {
    for suitable in version_and_venv version runs; do
        for candidate in python3.13 python3.12 python3.11 python3 python; do
            if "$suitable" "$candidate"; then
                echo "$candidate"
                return
            fi
        done
    done
}

if [ -n "${PYTHON:-}" ]; then
    if ! runs "$PYTHON"; then
        echo "PYTHON=$PYTHON is no Python that runs: name one of version 3.11 or newer, as in PYTHON=/path/to/python3.12." >&2
        exit 1
    fi
else
    PYTHON=$(find_python)
    if [ -z "$PYTHON" ]; then
        echo "Lamla needs Python 3.11 or newer and found none: install one, or name yours with PYTHON=/path/to/python3.12." >&2
        exit 1
    fi
fi
exec "$PYTHON" -m scripts.bootstrap "$@"
