"""Policy packs of others, run offline: each in a process of its own, asked over Pulumi's analyzer protocol."""

from modelkeel.analyzer.judgement import run

__all__ = ["run"]
