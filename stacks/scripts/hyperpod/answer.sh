#!/bin/bash
# Answers the pipeline that asked for training: where the model lies, or that there is none.
set -euo pipefail

if [ "$1" = success ]; then
    aws sagemaker send-pipeline-execution-step-success --callback-token "$CALLBACK_TOKEN" \
        --output-parameters "Name=model_uri,Value=$MODEL_URI"
else
    aws sagemaker send-pipeline-execution-step-failure --callback-token "$CALLBACK_TOKEN" \
        --failure-reason "training failed on the cluster: see the job train-$RUN"
fi
