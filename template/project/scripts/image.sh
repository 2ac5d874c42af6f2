#!/bin/sh
# Builds the image of an environment's jobs and endpoints, or builds it and pushes it to the environment's repository.
# Usage: scripts/image.sh build|push ENVIRONMENT
# BASE and PIP_INDEX_URL reach the Dockerfile. PLATFORM is that of the machines (linux/amd64), not of this one.
set -eu
cd "$(dirname "$0")/.."

action=${1:-}
environment=${2:-}
docker_manifest=application/vnd.docker.distribution.manifest.v2+json

stop() {
    echo "$1" >&2
    exit 2
}

case $action in
    build | push) ;;
    *) stop "'$action' is none of build and push" ;;
esac
if ! grep -qxF -- "$environment" config/environments.txt; then
    stop "no environment '$environment': choose from $(tr '\n' ' ' <config/environments.txt)"
fi
settings="config/training/Pulumi.$environment.yaml"
if [ ! -f "$settings" ]; then
    echo "$environment trains nothing: no image is needed"
    exit 0
fi
tag=$(sed -n "s/^ *training:image_tag: *//p" "$settings" | tail -1 | tr -d "'\"")
[ -n "$tag" ] || stop "no training:image_tag in $settings"

engine=$(command -v docker || command -v podman) || stop "neither docker nor podman is installed: the image needs one"
case $engine in
    */docker) "$engine" buildx version >/dev/null 2>&1 || stop "docker has no buildx plugin: install it, or podman" ;;
esac

build() {
    set -- --platform "${PLATFORM:-linux/amd64}" --tag "$1" \
        ${BASE:+--build-arg "BASE=$BASE"} ${PIP_INDEX_URL:+--build-arg "PIP_INDEX_URL=$PIP_INDEX_URL"} .
    # SageMaker endpoints refuse OCI manifests, which both write unless told otherwise.
    case $engine in
        */podman) "$engine" build --format docker "$@" ;;
        *) "$engine" buildx build --provenance=false --sbom=false --output type=docker "$@" ;;
    esac
}

if [ "$action" = build ]; then
    name=$(sed -n "s/^ *platform:project: *//p" "$settings" | tr -d "'\"")
    build "$name:$tag"
    exit
fi

for tool in aws pulumi; do
    command -v "$tool" >/dev/null || stop "$tool is not installed: a push needs it"
done
set -a
# shellcheck source=/dev/null
. "./config/ci/$environment.env"
set +a

pulumi login "$PULUMI_BACKEND_URL" >&2
repository=$(pulumi -C config/training stack output repository_url --stack "$environment") ||
    stop "$environment has no repository yet: the training program makes it, see docs/first-deployment.md"
registry=${repository%%/*}

# One property of the image of this tag, as ECR has it; `None` where it has none.
pushed() {
    aws ecr batch-get-image --region "$AWS_REGION" --registry-id "${registry%%.*}" \
        --repository-name "${repository#*/}" --image-ids "imageTag=$tag" \
        --query "images[0].$1" --output text
}

there=$(pushed imageId.imageDigest)
if [ "$there" != None ]; then
    echo "$repository:$tag is there already and tags never change: nothing was pushed."
    echo "Where the code has changed, raise training:image_tag in $settings, and monitoring:image_tag with it."
    exit 0
fi
build "$repository:$tag"
aws ecr get-login-password --region "$AWS_REGION" | "$engine" login --username AWS --password-stdin "$registry"
"$engine" push "$repository:$tag"
kind=$(pushed imageManifestMediaType)
if [ "$kind" != "$docker_manifest" ]; then
    echo "pushed, but as $kind: SageMaker endpoints take $docker_manifest only" >&2
    echo "update $engine, raise training:image_tag, and push again" >&2
    exit 1
fi
echo "$repository:$tag is $(pushed imageId.imageDigest)"
