#!/bin/sh
# Previews, updates or compares the programs of one environment, in the order in which they are named.
# Usage: scripts/programs.sh preview|up|drift ENVIRONMENT PROGRAM...
set -eu
cd "$(dirname "$0")/.."

action=$1
environment=$2
shift 2

case $action in
    preview | up | drift) ;;
    *)
        echo "'$action' is none of preview, up and drift" >&2
        exit 2
        ;;
esac

settings="config/ci/$environment.env"
if [ ! -f "$settings" ]; then
    echo "no environment '$environment': choose from $(tr '\n' ' ' <config/environments.txt)" >&2
    exit 2
fi
set -a
# shellcheck source=/dev/null
. "./$settings"
set +a

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT INT TERM

account_of() {
    sed -n "s/^ *platform:account_id: *//p" "config/identity/Pulumi.$1.yaml" | tr -d "'\""
}

# What exists once in an account is updated with the first environment that lives there, in that one's state.
account=$(account_of "$environment")
while read -r name; do
    if [ "$(account_of "$name")" = "$account" ]; then
        keeper=$name
        break
    fi
done <config/environments.txt

preview() {
    if ! pulumi -C "config/$1" stack select "$2" >/dev/null 2>&1; then
        echo "$1: not deployed yet; 'make offline ENV=$environment' shows what it would be made of"
        return
    fi
    # The marker is the last line of `config:`, so one more key may follow. It never reaches an update.
    cp "config/$1/Pulumi.$2.yaml" "$scratch/$1.yaml"
    printf '  modelkeel:assume_upstream: "true"\n' >>"$scratch/$1.yaml"
    pulumi -C "config/$1" preview --stack "$2" --config-file "$scratch/$1.yaml" --diff
}

# Compares what exists with what the programs say; the programs that differ are named at the end.
drifted=""
drift() {
    if ! pulumi -C "config/$1" preview --stack "$2" --refresh --expect-no-changes --diff; then
        drifted="$drifted $1"
    fi
}

up() {
    pulumi -C "config/$1" stack select "$2" --create --secrets-provider "$PULUMI_SECRETS_PROVIDER"
    # Without a terminal nobody can say yes; the environment's reviewers have.
    if [ -t 0 ]; then
        pulumi -C "config/$1" up --stack "$2"
    else
        pulumi -C "config/$1" up --stack "$2" --yes --non-interactive
    fi
}

pulumi login "$PULUMI_BACKEND_URL"
for program in "$@"; do
    stack=$environment
    if [ "$program" = account ]; then
        stack=$account
        if [ "$keeper" != "$environment" ]; then
            echo "account: account $account is kept with the environment $keeper"
            continue
        fi
    fi
    echo "== $program $stack"
    "$action" "$program" "$stack"
done

if [ -n "$drifted" ]; then
    echo "not as the programs say, in $environment:$drifted" >&2
    exit 1
fi
