"""The recorder: unmodified Pulumi programs run offline, and all that they register as one graph."""

from modelkeel.record.project import DEFAULT_TIMEOUT_SECONDS, environments, project

__all__ = ["DEFAULT_TIMEOUT_SECONDS", "environments", "project"]
