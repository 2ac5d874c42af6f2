#!/bin/bash
# One training job: the project's container on every machine, told who it is among them as AWS Batch would.
set -euo pipefail

leader=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)
LEADER_ADDRESS=$(getent ahostsv4 "$leader" | awk 'NR == 1 {print $1}')
export LEADER_ADDRESS

srun --ntasks-per-node=1 bash -c '
    set -euo pipefail
    registry=${IMAGE_URI%%/*}
    aws ecr get-login-password | docker login --username AWS --password-stdin "$registry" >/dev/null
    gpus=()
    if [ "$GPUS" -gt 0 ]; then gpus=(--gpus all); fi
    devices=()
    for device in /dev/infiniband/uverbs*; do
        if [ -e "$device" ]; then devices+=(--device "$device"); fi
    done
    docker run --rm --network host --ulimit memlock=-1 --shm-size 64g "${gpus[@]}" "${devices[@]}" \
        --volume "$SHARED_FOLDER:$SHARED_FOLDER" --volume /opt/dlami/nvme:/scratch \
        --env AWS_REGION --env RUN --env INPUT_URI --env MODEL_URI --env CHECKPOINT_URI --env MODEL_KEY_ARN \
        --env AWS_BATCH_JOB_NODE_INDEX="$SLURM_NODEID" --env AWS_BATCH_JOB_NUM_NODES="$SLURM_NNODES" \
        --env AWS_BATCH_JOB_MAIN_NODE_INDEX=0 --env AWS_BATCH_JOB_MAIN_NODE_PRIVATE_IPV4_ADDRESS="$LEADER_ADDRESS" \
        "$IMAGE_URI" python -m "$PACKAGE.cluster"
'
