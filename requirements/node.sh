#!/bin/sh
# Says in one sentence when Node is missing or too old.
set -eu
version=$(node --version 2>/dev/null | sed 's/^v//; s/\..*//' || true)
if [ -z "$version" ]; then
    echo "Liangdian needs Node 20 or newer with npm, and there is none here. Install it (Debian 13: apt install nodejs npm)." >&2
    exit 1
fi
if [ "$version" -lt 20 ]; then
    echo "Liangdian needs Node 20 or newer; here is Node $version. Install a newer one." >&2
    exit 1
fi
if ! command -v npm >/dev/null 2>&1; then
    echo "Node is here, but npm is missing. Install it (Debian: apt install npm)." >&2
    exit 1
fi
