#!/bin/sh
# Makes the Python environment $1, or says in one sentence why it cannot.
set -eu
target=$1
for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        python=$candidate
        break
    fi
done
if [ -z "${python:-}" ]; then
    found=$(python3 --version 2>/dev/null || echo "no Python at all")
    echo "Liangdian needs Python 3.11 or newer; here is $found. Install it (Debian 12: apt install python3 python3-venv)." >&2
    exit 1
fi
if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    echo "This Python cannot make environments. Install the package python3-venv (Debian: apt install python3-venv) and start again." >&2
    exit 1
fi
rm -rf "$target"
echo "Making the environment $target with $("$python" --version) ..."
if ! "$python" -m venv "$target"; then
    rm -rf "$target"
    echo "The environment $target could not be made; the lines above say why (often: the disk is full, or the folder is not writable)." >&2
    exit 1
fi
