"""How state machines ask SageMaker again when it refuses a call: throttling and quotas pass within minutes."""

SAGEMAKER_RETRY = [
    {
        "ErrorEquals": ["SageMaker.AmazonSageMakerException"],
        "IntervalSeconds": 60,
        "BackoffRate": 2,
        "MaxAttempts": 3,
        "JitterStrategy": "FULL",
    }
]
