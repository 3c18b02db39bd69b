#!/bin/sh
# Installs Tandem from a source tree into an empty folder, with what it needs at run time and nothing else.
# Used by the Dockerfile, and just as well without a container. Needs Node 20.19 or newer with npm.
#   install.sh SOURCE TARGET
set -eu

if [ $# -ne 2 ]; then
  echo "usage: install.sh SOURCE TARGET" >&2
  exit 2
fi
source=$(cd "$1" && pwd)
mkdir -p "$2"
target=$(cd "$2" && pwd)
if [ -n "$(ls -A "$target")" ]; then
  echo "install.sh: $target is not empty; name an empty or a new folder." >&2
  exit 1
fi

# Only what a clone holds: no packages, builds or data of the source tree.
tar -C "$source" --exclude=.git --exclude=node_modules --exclude=dist --exclude=.turbo --exclude=demo-data \
  --exclude=apps/server/src/storage/generated --exclude=test-results -cf - . | tar -C "$target" -xf -

cd "$target"
node tooling/bootstrap/build.mjs
pnpm="npx --yes --prefer-offline $(node -p 'require("./package.json").packageManager')"

# The tools of the build are as large as the product: start node_modules again without them.
find . -name node_modules -type d -prune -exec rm -rf {} +
rm -rf .turbo
CI=true $pnpm install --frozen-lockfile --prod --filter . --filter '@tandem/server...'
bin/tandem version
