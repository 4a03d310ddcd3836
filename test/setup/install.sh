#!/usr/bin/env bash
# What a newcomer does, in clean clones: `npm ci`, which must say nothing but what it added, then a command
# (by default a lab). Once with this machine's npm, once with npm 10.8.2, which unlike newer ones does not link the
# bundled Node as node_modules/.bin/node; and once without optional packages, on a system Node that is just new enough
# and on one that is far too old. For Linux; about a minute, and some 50 MB that `npm ci` does not bring.
#
#   bash test/setup/install.sh [COMMAND ...]
set -euo pipefail

repository=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

say() { printf '\n== %s\n' "$*"; }
fail() { printf 'install.sh: %s\n' "$*" >&2; exit 1; }

# A newcomer has no npm settings but, at most, a registry; and is not inside an `npm run`, which would put settings into
# the environment and the bundled Node at the front of the PATH.
registry=$(npm config get registry)
for name in $(compgen -e | grep -iE '^(npm_|NODE_|SOCKET_LABS_)' | grep -v '^NODE_EXTRA_CA_CERTS$'); do unset "$name"; done
PATH=$(tr ':' '\n' <<<"$PATH" | grep -v '/node_modules/' | paste -sd:)
export NPM_CONFIG_USERCONFIG="$work/npmrc"
echo "registry=$registry" >"$NPM_CONFIG_USERCONFIG"

# fetch FOLDER PACKAGE@VERSION: a package for this test, outside the clones
fetch() {
  mkdir "$work/$1"
  npm install --prefix "$work/$1" --no-save --loglevel=error --no-fund --no-audit "$2" >"$work/log"
}

# install NAME ARGUMENT...: `npm ci ARGUMENT...` in a clean clone NAME, and judges what it printed
install() {
  git clone --quiet "$repository" "$work/$1"
  cd "$work/$1"
  say "npm $(npm --version) on Node $(node --version): npm ci ${*:2}"
  npm ci "${@:2}" >"$work/log" 2>&1 || { cat "$work/log"; fail 'npm ci failed'; }
  cat "$work/log"
  if grep -vE '^(added [0-9]+ packages in [0-9a-z]+)?$' "$work/log"; then fail 'npm ci printed more than what it added'; fi
  [ -z "$(git status --porcelain)" ] || fail 'npm ci changed files of the repository'
}

# The lab, in the clone just installed. Not with -s, which would hide what npm has to say: standard error stays empty.
lab() {
  say 'npm run lab 04-dual-stack'
  npm run lab 04-dual-stack >"$work/out" 2>"$work/err" || { cat "$work/out" "$work/err"; fail 'the lab failed'; }
  head -n 6 "$work/out"
  tail -n 1 "$work/out"
  [ ! -s "$work/err" ] || { cat "$work/err"; fail 'the lab complained'; }
}

# refused COMMAND...: one line on standard error, exit code 2
refused() {
  local code=0
  say "${*/$work\//}"
  "$@" 2>"$work/err" || code=$?
  cat "$work/err"
  [ "$code" = 2 ] || fail "exit code $code, not 2"
  [ "$(wc -l <"$work/err")" = 1 ] || fail 'not one line'
}

if [ $# = 0 ]; then set -- lab; fi

install this-npm
"$@"

fetch npm-10 npm@10.8.2
(
  PATH="$work/npm-10/node_modules/.bin:$PATH"
  install npm-10-clone
  [ ! -e node_modules/.bin/node ] || fail 'npm 10.8.2 was meant to be one that does not link node_modules/.bin/node'
  "$@"
)

node_package=node-linux-$(node -p process.arch)
fetch node-22 "$node_package@22.18.0"
fetch node-6 "$node_package@6"
(
  PATH="$work/node-22/node_modules/$node_package/bin:$PATH"
  # Without the packages for development too: a lab needs neither.
  install without-optional --omit=optional --omit=dev
  lab

  refused npm test -s
  refused "$work/node-6/node_modules/$node_package/bin/node" harness/cli/launch.cjs lab
)
say 'all well'
