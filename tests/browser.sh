#!/bin/sh
# Debian's Chromium and Chinese letters for the browser journeys. As root they are installed; otherwise
# the journeys are skipped, except with CI=true, where a missing browser is a failure.
set -eu
missing=
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || missing="chromium"
if command -v fc-list >/dev/null 2>&1 && [ -n "$(fc-list :lang=zh-cn)" ]; then :; else missing="$missing fonts-noto-cjk fontconfig"; fi
[ -n "$missing" ] || exit 0
if command -v apt-get >/dev/null 2>&1; then
    as_root=
    [ "$(id -u)" = 0 ] || as_root="sudo -n"
    if [ -z "$as_root" ] || sudo -n true 2>/dev/null; then
        echo "Installing $missing ..."
        $as_root apt-get update -qq >/dev/null 2>&1 || true
        if DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null; then
            exit 0
        fi
    fi
fi
if [ "${CI:-}" = true ]; then
    echo "The browser journeys need:$missing. They could not be installed, and with CI=true this is a failure." >&2
    exit 1
fi
echo "Not here: $missing. The browser journeys are skipped (apt install $missing)." >&2
