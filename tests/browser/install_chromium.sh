#!/bin/sh
# See to a Chromium for the browser tests: one that is there, else Debian's package when that can
# be installed, else Playwright's own download.
set -eu
python=$1
command -v chromium >/dev/null 2>&1 && exit 0
command -v google-chrome >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && [ -e /etc/debian_version ]; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
else
    "$python" -m playwright install chromium
fi
