"""Every control over every resource that it applies to: the one evaluation that engine and generator share."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from types import ModuleType
from typing import Literal, NamedTuple

from . import rules
from .control import Control, Rule
from .values import NotConcerned, Undetermined
from .view import Breach, Resource, View

Result = Literal["violation", "pass", "undetermined", "error"]


class Verdict(NamedTuple):
    """What one control says of one resource; `resource` is None where it speaks of the whole view."""

    control: Control
    result: Result
    resource: Resource | None
    path: str
    message: str


def functions() -> dict[str, Rule]:
    """Return the rules by name: the public functions of the modules of `rules`, and of the team's `local/rules`.

    Raises:
        ValueError: the team has given a rule the name of one of the pack's.
    """
    found = _functions(rules)
    local = _local_rules()
    own = {} if local is None else _functions(local)
    taken = sorted(found.keys() & own.keys())
    if taken:
        raise ValueError(f"local/rules: the pack has a rule {taken[0]} already, choose another name")
    return found | own


def _local_rules() -> ModuleType | None:
    name = f"{__package__}.local.rules"
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name in {name, f"{__package__}.local"}:
            return None
        raise


def _functions(package: ModuleType) -> dict[str, Rule]:
    found: dict[str, Rule] = {}
    for module_info in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{package.__name__}.{module_info.name}")
        for name, value in vars(module).items():
            if not name.startswith("_") and getattr(value, "__module__", None) == module.__name__ and callable(value):
                found[name] = value
    return found


def judge(view: View, controls: Iterable[Control], known_rules: Mapping[str, Rule] | None = None) -> Iterator[Verdict]:
    """Yield the verdicts of `controls`, in their order, then in the order of resources.

    A rule that raises gives the result `error`: a control that is not read is never a pass.
    """
    known = functions() if known_rules is None else known_rules
    for control in controls:
        rule = known[control.function]
        if not control.applies_to:
            yield from _verdicts(control, rule, None, (view,))
        limited = bool(control.environments or control.only_for)
        for resource in view.of(*control.applies_to):
            if limited and not _concerns(control, resource, view):
                continue
            arguments = (resource,) if control.scope == "resource" else (resource, view)
            yield from _verdicts(control, rule, resource, arguments)


def _concerns(control: Control, resource: Resource, view: View) -> bool:
    if control.environments and resource.environment not in control.environments:
        return False
    return not control.only_for or not view.facts(resource).isdisjoint(control.only_for)


def _verdicts(
    control: Control, rule: Rule, resource: Resource | None, arguments: tuple[object, ...]
) -> Iterator[Verdict]:
    breaches: list[Breach] = []
    result: Result = "pass"
    message = ""
    try:
        breaches += rule(*arguments)
    except NotConcerned:
        return
    except Undetermined as reason:
        result, message = "undetermined", str(reason)
    except Exception as error:  # whatever a rule does wrong must be seen, not lost
        result, message = "error", f"the rule failed: {type(error).__name__}: {error}"
    for breach in breaches:
        yield Verdict(control, "violation", breach.resource or resource, breach.path, breach.message)
    if result != "pass" or not breaches:
        yield Verdict(control, result, resource, "", message)
