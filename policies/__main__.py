"""The pack as the Pulumi engine runs it: `pulumi preview --policy-pack policies`.

The only module that imports pulumi_policy: making a PolicyPack starts a server and never returns. The folder
is loaded as a package from where it lies, so that it runs from any working directory, installed or not.
"""

import importlib
import importlib.util
import sys
from datetime import UTC, datetime
from pathlib import Path

from pulumi_policy import (
    EnforcementLevel,
    PolicyPack,
    ResourceValidationPolicy,
    Severity,
    StackValidationPolicy,
)
from pulumi_policy.proxy import UnknownValueError

HERE = Path(__file__).resolve().parent
NAME = "modelkeel_policies"


class NotKnownYetError(UnknownValueError):
    """Makes the engine say that a policy could not be judged, which is no pass and no violation."""

    def __init__(self, reasons):
        """Take the reasons, one for each resource that could not be judged."""
        Exception.__init__(self)
        self.message = "; ".join(sorted(set(reasons)))


def module(name):
    """Return a module of this folder's package."""
    if NAME not in sys.modules:
        spec = importlib.util.spec_from_file_location(
            NAME, HERE / "__init__.py", submodule_search_locations=[str(HERE)]
        )
        package = importlib.util.module_from_spec(spec)
        sys.modules[NAME] = package
        spec.loader.exec_module(package)
    return importlib.import_module(f"{NAME}.{name}")


def policy(control, rules, waivers):
    """Return the control as a policy over one resource, or over the stack where it needs to see more."""
    engine, judge = module("engine"), module("judge")

    def of_resource(args, report):
        if args.resource_type in control.applies_to:
            view = engine.resource_view(args, (UnknownValueError,))
            tell(judge.judge(view, [control], rules), report)

    def of_stack(args, report):
        view = engine.stack_view(args.resources, (UnknownValueError,))
        tell(judge.judge(view, [control], rules), report)

    def tell(verdicts, report):
        unknown = []
        for verdict in verdicts:
            urn = None if verdict.resource is None else verdict.resource.urn
            if verdict.result in {"undetermined", "violation"} and waived(control.id, urn):
                continue
            if verdict.result == "undetermined":
                unknown.append(f"{urn or 'the stack'}: {verdict.message}")
            elif verdict.result in {"error", "violation"}:
                report(f"{verdict.message} [{verdict.path}]" if verdict.path else verdict.message, urn)
        if unknown:
            raise NotKnownYetError(unknown)

    def waived(control_id, urn):
        today = datetime.now(UTC).date()
        return any(row.covers(control_id, urn) and not row.expired(today) for row in waivers)

    kind, validate = (
        (ResourceValidationPolicy, of_resource) if control.scope == "resource" else (StackValidationPolicy, of_stack)
    )
    return kind(
        control.id,
        control.rationale,
        validate,
        enforcement_level=EnforcementLevel.MANDATORY,
        display_name=control.title,
        severity=Severity(control.severity),
        tags=sorted(control.frameworks),
        remediation_steps=control.remediation,
        url=control.source,
    )


def policies():
    """Return one policy a control; waivers.toml beside this file is obeyed.

    Raises:
        WaiverError: the waivers cannot be taken as they are; the engine shows the message and stops.
    """
    controls = module("control").load()
    rules = module("judge").functions()
    path = HERE / "waivers.toml"
    waivers = module("waiver").load(path if path.is_file() else None, {control.id for control in controls})
    return [policy(control, rules, waivers) for control in controls]


PolicyPack("modelkeel", policies())
