#!/usr/bin/env bash
# Packs the package, installs it elsewhere, and drives it by its binary with a real MCP client.
set -euo pipefail
repository="$(cd "$(dirname "$0")/../.." && pwd)"
elsewhere="$(mktemp -d)"
trap 'rm -rf "$elsewhere"' EXIT

cd "$repository"
tarball="$(npm pack --silent --pack-destination "$elsewhere" | tail -n 1)"
cd "$elsewhere"
npm init --yes >/dev/null
npm install --silent "./$tarball"
ATHENA_DATA_DIR="$elsewhere/data" node "$repository/test/package/drive.mjs" ./node_modules/.bin/athena-code-mode
