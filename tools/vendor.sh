#!/usr/bin/env bash
# vendor.sh fetches the browser libraries of the page from npm into static/vendor, with
# their licences and a list of SHA-256 sums. With --check it only compares the files
# that are there with the list. Needs npm; running ebmviz does not.
set -euo pipefail
cd "$(dirname "$0")/../static/vendor"

if [[ ${1:-} == --check ]]; then
  sha256sum --check --quiet SHA256SUMS
  diff <(cut -c67- SHA256SUMS) <(find . -type f ! -name SHA256SUMS | sort)
  exit
fi

# fetch NAME VERSION FILE... unpacks the given files of an npm package into ./NAME.
fetch() {
  local name=$1 version=$2 work
  shift 2
  work=$(mktemp -d)
  (cd "$work" && npm pack --silent "$name@$version" >/dev/null && tar xzf ./*.tgz)
  rm -rf "./$name"
  for file in "$@"; do
    mkdir -p "$(dirname "$name/${file#dist/}")"
    cp "$work/package/$file" "$name/${file#dist/}"
  done
  if [[ $name == katex ]]; then # every browser that runs the page reads woff2
    mkdir -p katex/fonts && cp "$work"/package/dist/fonts/*.woff2 katex/fonts/
  fi
  rm -rf "$work"
}

fetch echarts 6.1.0 dist/echarts.common.min.js LICENSE NOTICE licenses/LICENSE-d3
fetch katex 0.19.1 dist/katex.min.js dist/katex.min.css LICENSE
find . -type f ! -name SHA256SUMS | sort | xargs sha256sum >SHA256SUMS
