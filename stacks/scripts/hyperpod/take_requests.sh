#!/bin/bash
# Takes requests for training from the queue, for ever: each becomes a job, and a job that answers the pipeline after it.
set -euo pipefail

field() {
    python3 -c 'import json, sys
value = json.load(sys.stdin)
for key in sys.argv[1].split("."):
    value = value.get(key, "") if isinstance(value, dict) else ""
print(value)' "$1"
}

while true; do
    received=$(aws sqs receive-message --queue-url "$REQUESTS_URL" --wait-time-seconds 20 --max-number-of-messages 1 \
        --query 'Messages[0].{body: Body, handle: ReceiptHandle}' --output json)
    if [ "$received" = null ] || [ -z "$received" ]; then
        continue
    fi
    body=$(field body <<<"$received")
    handle=$(field handle <<<"$received")
    # A pipeline that is stopped says so in the same queue; its job ends by its own limit.
    if [ "$(field status <<<"$body")" = Executing ]; then
        CALLBACK_TOKEN=$(field token <<<"$body")
        RUN=$(field arguments.run <<<"$body")
        INPUT_URI=$(field arguments.input_uri <<<"$body")
        MODEL_URI=$(field arguments.model_uri <<<"$body")
        CHECKPOINT_URI=$(field arguments.checkpoint_uri <<<"$body")
        export CALLBACK_TOKEN RUN INPUT_URI MODEL_URI CHECKPOINT_URI
        # Machines that fail are replaced, and the job starts again from its last checkpoint.
        job=$(sbatch --parsable --requeue --exclusive --nodes="$NODES" --partition="$PARTITION" \
            --time="$((MAX_RUNTIME_SECONDS / 60))" --job-name="train-$RUN" --export=ALL /opt/training/train.sh)
        sbatch --partition="$PARTITION" --dependency="afterok:$job" --kill-on-invalid-dep=yes \
            --job-name="answer-$RUN" --export=ALL /opt/training/answer.sh success
        sbatch --partition="$PARTITION" --dependency="afternotok:$job" --kill-on-invalid-dep=yes \
            --job-name="answer-$RUN" --export=ALL /opt/training/answer.sh failure
    fi
    aws sqs delete-message --queue-url "$REQUESTS_URL" --receipt-handle "$handle"
done
