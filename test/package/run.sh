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

# People who write programs by hand: the template, checked against the package as it is installed.
cp -r "$repository/template/programs" "$repository/template/tsconfig.json" .
./node_modules/.bin/tsc
echo "the template type-checks against the packed package"

ATHENA_DATA_DIR="$elsewhere/data" node "$repository/test/package/drive.mjs" ./node_modules/.bin/athena-code-mode
