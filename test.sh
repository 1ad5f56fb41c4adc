#!/usr/bin/env bash
# Builds everything once and runs all tests. The last line says how many passed, failed and were skipped.
# Needs git and the .NET SDK of global.json; installs what else is missing (as root, or with sudo).
set -uo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en MSBUILDDISABLENODEREUSE=1

configuration=${XRM_CONFIGURATION:-Debug}

fail() {
  echo "test.sh: $1" >&2
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
}

command -v dotnet >/dev/null || fail "the .NET SDK is missing; install the version that global.json names"

# name of a command that the tests call, name of the Debian package that brings it
for need in node:nodejs npm:npm; do
  if ! command -v "${need%%:*}" >/dev/null; then
    elevate=
    [ "$(id -u)" = 0 ] || elevate=sudo
    command -v apt-get >/dev/null || fail "${need%%:*} is missing, and there is no apt-get to install it with"
    echo "Installing ${need##*:} ..."
    { $elevate apt-get update -qq && $elevate env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${need##*:}"; } >/dev/null \
      || fail "${need##*:} cannot be installed"
  fi
done

dotnet build Xrm.sln -c "$configuration" || fail "the build failed"

passed=0 failed=0 skipped=0
for project in tests/*.Tests; do
  name=$(basename "$project")
  output=$(mktemp)
  dotnet ".artifacts/bin/$name/${configuration,,}/$name.dll" --no-progress --no-ansi >"$output" 2>&1
  code=$?
  count() { sed -n "s/^ *$1: *\([0-9][0-9]*\).*/\1/p" "$output" | tail -1; }
  p=$(count succeeded) f=$(count failed) s=$(count skipped)
  p=${p:-0} f=${f:-0} s=${s:-0}
  # A project that ends badly without a failed test, or that runs none, has failed all the same.
  if [ "$f" = 0 ] && { [ "$code" != 0 ] || [ "$p" = 0 ]; }; then
    f=1
  fi
  if [ "$f" != 0 ]; then
    echo "--- $name"
    cat "$output"
  fi
  echo "$name: $p passed, $f failed, $s skipped"
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  rm -f "$output"
done

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
