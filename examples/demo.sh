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
    run modelkeel cost "$out/$name" --env "$environment" --graph "$out/$name-$environment.graph.json" \
        --output text="$out/$name-$environment.cost.txt" --output json="$out/$name-$environment.cost.json"
    sed -n '1,/^largest/p' "$out/$name-$environment.cost.txt"
    run modelkeel report "$out/$name" --env "$environment" --graph "$out/$name-$environment.graph.json" \
        --output html="$out/$name-$environment.html"
}

build fraud_realtime prod
build tabular_batch prod

printf '\n== A model is approved: its endpoint comes without a change of code\n'
serving=$out/fraud_realtime/config/serving/Pulumi.prod.yaml
approved=arn:aws:sagemaker:eu-west-1:333333333333:model-package/card-fraud-prod-models/1
printf '\n$ echo "  serving:model_package_arn: %s" >> %s\n' "$approved" "$serving"
echo "  serving:model_package_arn: $approved" >> "$serving"
run modelkeel preview "$out/fraud_realtime" --env prod --stack serving

cat <<END

Everything is in $out/:
  fraud_realtime/ tabular_batch/   two repositories: read README.md and DECISIONS.md, then make test
  *-prod.html                      the report: open it in a browser
  *-prod.svg  *-prod.mmd           the diagram
  *-prod.cost.txt                  each line of the bill, with its assumption in *-prod.cost.json
  *-prod.graph.json                every resource with its inputs and source line
  *.sarif                          the findings, as code scanning reads them
END
