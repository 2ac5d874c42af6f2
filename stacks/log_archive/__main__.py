"""The log archive program: where the organization's trail writes, in the log account."""

import pulumi

from stacks import provider
from stacks.components.log_archive import LogArchive, LogArchiveArgs
from stacks.log_archive.settings import LogArchiveSettings
from stacks.settings import Platform, load

platform = load(Platform, "platform")
settings = load(LogArchiveSettings, "log_archive")
opts = provider.options(platform, "log_archive")

archive = LogArchive("archive", LogArchiveArgs(platform=platform, settings=settings), opts)

pulumi.export("trail_bucket_name", archive.bucket_name)
pulumi.export("trail_key_arn", archive.key_arn)
