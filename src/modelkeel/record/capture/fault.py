"""What went wrong in a program, in words that its author understands: what, got, allowed, fix, location."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pulumi

from . import sdk
from .monitor import ProgramError
from .source import Locator, raised_in

# Of a message that holds a whole policy document, the beginning is enough.
MAX_TEXT = 1000


def explain(error: BaseException, locator: Locator, request: Mapping[str, Any]) -> dict[str, str]:
    """Return the problem's fields; `request` names the program, its files and its configuration."""
    own = _program_error(error)
    if own is not None:
        location = own.location or locator.failure(error)
        fields = {"what": own.what, "got": own.got, "allowed": own.allowed, "fix": own.fix}
        return {**fields, "location": _at(location) or request["program_file"]}
    error = locator.origin(error)
    where = _at(locator.failure(error)) or request["program_file"]
    for describe in (_output_as_text, _settings, _missing_config, _missing_export, _exit, _missing_import, _keyword):
        fields = describe(error, request)
        if fields:
            return {"allowed": "", "location": where, **fields}
    return {
        "what": f"the {request['program']} program failed",
        "got": _text(error),
        "allowed": "",
        "fix": "correct the program at that line",
        "location": where,
    }


def _program_error(error: BaseException | None) -> ProgramError | None:
    while error is not None:
        if isinstance(error, ProgramError):
            return error
        error = error.__cause__ or error.__context__
    return None


def _text(error: BaseException) -> str:
    text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]} ..."


def _at(location: tuple[str, int] | None) -> str:
    return f"{location[0]}:{location[1]}" if location else ""


def _output_as_text(error: BaseException, _request: Mapping[str, Any]) -> dict[str, str]:
    if not sdk.is_output_string_error(error):
        return {}
    return {
        "what": "an output is used as text before its value is known",
        "got": "str() or an f-string of a pulumi.Output",
        "allowed": "pulumi.Output.concat, pulumi.Output.format, or .apply",
        "fix": "write pulumi.Output.concat('prefix-', resource.arn) instead of f'prefix-{resource.arn}'",
    }


def _settings(error: BaseException, request: Mapping[str, Any]) -> dict[str, str]:
    if type(error).__name__ != "SettingsError":
        return {}
    # The first line of several is a headline that says what `what` says.
    lines = [line.strip() for line in str(error).splitlines()]
    return {
        "what": f"the configuration of {request['program']} is not complete",
        "got": "; ".join(lines[1:] or lines),
        "fix": _config_fix(request),
        "location": request["config_file"],
    }


def _missing_config(error: BaseException, request: Mapping[str, Any]) -> dict[str, str]:
    if isinstance(error, pulumi.ConfigMissingError):
        return {
            "what": f"{request['config_file']} lacks the key {error.key}",
            "got": f"{error.key} is required and not set",
            "fix": _config_fix(request),
        }
    if isinstance(error, pulumi.ConfigTypeError):
        return {
            "what": f"{request['config_file']}: {error.key} is no {error.expect_type}",
            "got": "a value given by a placeholder" if error.key in request["secret_keys"] else repr(error.value),
            "fix": _config_fix(request),
        }
    return {}


def _config_fix(request: Mapping[str, Any]) -> str:
    fix = f"set it in {request['config_file']}"
    if request["imports"] or request["secret_keys"]:
        fix += f"; a value of an environment or of a secret goes under `config:` in {request['offline_file']}"
    return fix


def _missing_export(error: BaseException, request: Mapping[str, Any]) -> dict[str, str]:
    by_reference = isinstance(error, KeyError) and raised_in(error).endswith("stack_reference.py")
    if not by_reference and not (isinstance(error, LookupError) and "stack exports no" in str(error)):
        return {}
    asked = re.search(r"the (\S+) stack exports no", str(error))
    known = {
        name: outputs
        for name, outputs in sorted(request["stack_references"].items())
        if asked is None or f"-{asked[1]}/" in name
    }
    return {
        "what": f"the {request['program']} program reads an export that its upstream does not have",
        "got": str(error),
        "allowed": "; ".join(f"{name}: {', '.join(sorted(outputs))}" for name, outputs in known.items()),
        "fix": "export it in the upstream program, or read another one",
    }


def _exit(error: BaseException, request: Mapping[str, Any]) -> dict[str, str]:
    if not isinstance(error, SystemExit):
        return {}
    return {
        "what": f"the {request['program']} program ended itself before it was recorded",
        "got": f"sys.exit({error.code!r})",
        "allowed": "a program that runs to its last line",
        "fix": "raise an error instead, or remove the call",
    }


EXTRAS = {
    "pulumi_kubernetes": "pip install 'pulumi-kubernetes>=4.34,<5' (in the group `infra` of a repository with a"
    " cluster, and in the extra modelkeel[kubernetes])"
}


def _missing_import(error: BaseException, request: Mapping[str, Any]) -> dict[str, str]:
    if not isinstance(error, ImportError):
        return {}
    module = error.name or "?"
    wanted = EXTRAS.get(module.partition(".")[0])
    return {
        "what": f"the {request['program']} program imports what is not there",
        "got": str(error),
        "allowed": f"modules of the project, and what is installed for {request['python']}",
        "fix": wanted or f"install the package of {module} in the project's environment, or correct the import",
    }


def _keyword(error: BaseException, _request: Mapping[str, Any]) -> dict[str, str]:
    # The words of pulumi_aws's generated constructors.
    unknown = re.search(r"_internal_init\(\) (got an unexpected keyword argument .*)", str(error))
    missing = re.search(r"Missing required property .*", str(error))
    if not isinstance(error, TypeError) or not (unknown or missing):
        return {}
    return {
        "what": f"a resource {'got a property that it does not have' if unknown else 'lacks a property that it needs'}",
        "got": unknown[1] if unknown else str(error),
        "fix": "see the properties of the resource at https://www.pulumi.com/registry/packages/aws/api-docs/",
    }
