#!/bin/sh
# The main job on both examples: answers in; a repository, recorded, checked, priced and drawn, out.
# Needs `modelkeel` on the PATH; writes into .demo/ of the current folder, which it empties first.
set -eu

out=.demo
examples=$(dirname "$0")
rm -rf "$out"
mkdir -p "$out"

run() {
    printf '\n$ %s\n' "$*"
    "$@"
}

build() {
    name=$1
    environment=$2
    printf '\n== %s\n' "$name"
    run modelkeel new "$out/$name" --answers "$examples/$name/answers.yml"
    run modelkeel preview "$out/$name" --env "$environment" --output text \
        --output json="$out/$name-$environment.graph.json" \
        --output mermaid="$out/$name-$environment.mmd" --output svg="$out/$name-$environment.svg"
    run modelkeel check "$out/$name" --env all --output text --output sarif="$out/$name.sarif"
    run modelkeel cost "$out/$name" --env "$environment" --graph "$out/$name-$environment.graph.json"
    run modelkeel report "$out/$name" --env "$environment" --graph "$out/$name-$environment.graph.json" \
        --output html="$out/$name-$environment.html"
}

build fraud_realtime prod
build tabular_batch prod

cat <<END

Everything is in $out/:
  fraud_realtime/ tabular_batch/   two repositories: read README.md and DECISIONS.md, then make test
  *-prod.html                      the report: open it in a browser
  *-prod.svg  *-prod.mmd           the diagram
  *-prod.graph.json                every resource with its inputs and source line
  *.sarif                          the findings, as code scanning reads them
END
