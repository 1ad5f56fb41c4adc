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

missing=()
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
# Without a font the browser draws no text, and nothing can be said of its size.
compgen -G "/usr/share/fonts/*/*/*.[to]tf" >/dev/null || missing+=(fonts-dejavu-core)
[ -e /usr/share/zoneinfo/Europe/Paris ] || missing+=(tzdata)
# .NET takes languages and sorting from this library; its package has the version in its name.
compgen -G "/usr/lib/*/libicuuc.so.*" >/dev/null || compgen -G "/usr/lib*/libicuuc.so.*" >/dev/null || missing+=("^libicu[0-9]+$")
if [ "${#missing[@]}" != 0 ]; then
  command -v apt-get >/dev/null || fail "missing, and there is no apt-get to install it with: ${missing[*]}"
  elevate=
  [ "$(id -u)" = 0 ] || elevate=sudo
  echo "Installing ${missing[*]} ..."
  { $elevate apt-get update -qq && $elevate env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/dev/null \
    || fail "cannot be installed: ${missing[*]}"
fi

# The staff app is tried as it is shipped: trimmed.
dotnet build Xrm.sln -c "$configuration" -p:XrmStaffTrimmed=true || fail "the build failed"

passed=0 failed=0 skipped=0
for project in tests/*.Tests; do
  name=$(basename "$project")
  output=$(mktemp)
  dotnet ".artifacts/bin/$name/${configuration,,}/$name.dll" --progress off --no-ansi >"$output" 2>&1
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
