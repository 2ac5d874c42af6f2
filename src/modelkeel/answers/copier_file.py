"""copier.yml, made from the questions."""

from __future__ import annotations

import json
from typing import Any

import yaml

from modelkeel.answers.question import GROUPS
from modelkeel.answers.schema import Question, questions

SETTINGS = r"""# Made from the questions in src/modelkeel/answers by `make generate`: change them there.
# The template is restricted to what needs no --trust: no tasks, no extensions, no external data.
_subdirectory: template/project
_min_copier_version: "9.15"
_templates_suffix: .jinja
_answers_file: .copier-answers.yml
_envops:
  undefined: jinja2.StrictUndefined
  keep_trailing_newline: true
  trim_blocks: true
  lstrip_blocks: true
# Explicit, because copier's own list is off under a subdirectory; one entry is a line for each program left out.
# The last one: an update by copier alone has the plan but not its texts, so what is made of them stays as it is.
_exclude:
  - __pycache__
  - "*.py[co]"
  - .git
  - .DS_Store
  - "{% for program in plan.unselected_programs %}stacks/{{ program }}\n{% endfor %}"
  - "{% if _copier_operation == 'update' %}/README.md\n/DECISIONS.md\n/governance{% endif %}"

plan:
  type: yaml
  help: What Modelkeel derived from the answers; `modelkeel new` and `modelkeel plan --output answers` make it.
  default: {}
  validator: >-
    {% if not plan %}the plan is derived from the answers: run `modelkeel new`, or make a data file with
    `modelkeel plan --answers FILE --output answers` and give it to copier with --data-file{% endif %}

prose:
  type: yaml
  help: Texts of the plan, for the documents of the repository; never stored.
  default: {}
  when: false

tool_requirement:
  type: str
  help: How the repository installs Modelkeel for its own checks; `modelkeel new` fills it in.
  default: modelkeel
"""


def copier_yml() -> str:
    """Return the whole of copier.yml: settings, the plan, and every question in the order in which it is asked."""
    parts = [SETTINGS]
    group = ""
    for question in questions().values():
        if question.group != group:
            group = question.group
            parts.append(f"\n# {GROUPS[group]}\n")
        parts.append("\n" + _dump({question.name: _question(question)}))
    return "".join(parts)


def _question(question: Question) -> dict[str, Any]:
    kinds = {"integer": "int", "number": "float", "yes_no": "bool", "list": "yaml", "map": "yaml"}
    entry: dict[str, Any] = {"type": kinds.get(question.kind, "str"), "help": question.help}
    if question.choices and question.kind == "list":
        entry["type"] = "str"
        entry["multiselect"] = True
    if question.choices:
        entry["choices"] = list(question.choices)
    if question.required:
        entry["default"] = {} if question.kind == "map" else ""
        example = json.dumps(question.example)
        entry["validator"] = f"{{% if not {question.name} %}}needed, for example {example}{{% endif %}}"
    else:
        entry["default"] = question.default
    return entry


def _dump(value: dict[str, Any]) -> str:
    return str(yaml.safe_dump(value, sort_keys=False, width=10**9, allow_unicode=True))
