"""copier owns the format: what we render is what it copies, byte for byte and mode for mode."""

from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from render.conftest import data_of

from modelkeel.render import RenderedFile, render

Copied = Callable[[Path, dict[str, Any]], dict[PurePosixPath, RenderedFile]]


@pytest.mark.parametrize(
    "example",
    [
        "fraud_realtime",
        *(
            pytest.param(name, marks=pytest.mark.wide)
            for name in ("llm_finetune_serve", "shared_platform", "tabular_batch")
        ),
    ],
)
def test_an_example_is_what_copier_copies(example: str, tree: Path, copied: Copied) -> None:
    data = data_of(example)

    ours = render({**data, "_src_path": str(tree)}, tree)

    theirs = copied(tree, data)
    assert sorted(ours) == sorted(theirs)
    assert {path for path in ours if ours[path].content != theirs[path].content} == set()
    assert {path for path in ours if ours[path].mode != theirs[path].mode} == set()


def test_rendering_twice_gives_the_same_bytes(tree: Path) -> None:
    data = data_of("fraud_realtime")

    assert render(data, tree) == render(data, tree)


TEMPLATE = {
    "copier.yml": """\
_subdirectory: template
_templates_suffix: .jinja
_envops: {undefined: jinja2.StrictUndefined, keep_trailing_newline: true, trim_blocks: true, lstrip_blocks: true}
_exclude: [__pycache__, "*.py[co]", "{% for name in plan.out %}kept/{{ name }}\\n{% endfor %}"]

name: {type: str, default: x}
plan: {type: yaml, default: {}}
prose: {type: yaml, default: {}, when: false}
""",
    "template/.copier-answers.yml.jinja": "{{ _copier_answers | to_nice_yaml(indent=2, width=2147483648) -}}\n",
    "template/plain.txt": "{{ not rendered }}\n",
    "template/no-end.txt.jinja": "{{ name }}: {{ prose.text }}",
    "template/unicode-ä.txt.jinja": "{{ name }} ä\n",
    "template/{% if plan.yes %}only{% endif %}.txt.jinja": "{{ name }}\n",
    "template/{% if plan.no %}never{% endif %}/below.txt": "x",
    "template/{{ name }}/{{ name }}.txt": "fixed\n",
    "template/run.sh": "#!/bin/sh\n",
    "template/kept/a/x.txt": "x",
    "template/kept/b/x.txt": "x",
    "template/kept/ab/x.txt": "x",
    "template/kept/module.pyc": "x",
    "template/cfg/{% yield p from plan.ps %}{{ p.name }}{% endyield %}/one.txt.jinja": "{{ p.name }}\n",
    "template/cfg/{% yield p from plan.ps %}{{ p.name }}{% endyield %}/s.{% yield s from p.ss %}{{ s }}{% endyield %}"
    ".txt.jinja": "{{ p.name }} {{ s }}\n",
    "linked/deep/file.txt.jinja": "{{ name }}\n",
}

DATA: dict[str, Any] = {
    "name": "väl: ue",
    "plan": {
        "yes": True,
        "no": False,
        "out": ["a"],
        "ps": [{"name": "one", "ss": ["dev", "prod"]}, {"name": "two", "ss": []}],
    },
    "prose": {"text": "never stored"},
}


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """One of everything that our subset allows."""
    for name, text in TEMPLATE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "template" / "run.sh").chmod(0o755)
    (tmp_path / "template" / "link").symlink_to("../linked", target_is_directory=True)
    return tmp_path


def test_every_device_of_the_subset_is_rendered_as_copier_does(template: Path, copied: Copied) -> None:
    ours = render({**DATA, "_src_path": str(template)}, template)

    assert ours == copied(template, DATA)
    assert {str(path) for path in ours} == {
        ".copier-answers.yml",
        "cfg/one/one.txt",
        "cfg/one/s.dev.txt",
        "cfg/one/s.prod.txt",
        "cfg/two/one.txt",
        "kept/ab/x.txt",
        "kept/b/x.txt",
        "link/deep/file.txt",
        "no-end.txt",
        "only.txt",
        "plain.txt",
        "run.sh",
        "unicode-ä.txt",
        "väl: ue/väl: ue.txt",
    }


def test_texts_are_rendered_and_not_stored(template: Path) -> None:
    ours = render(DATA, template)

    assert ours[PurePosixPath("no-end.txt")].content == "väl: ue: never stored".encode()
    assert b"never stored" not in ours[PurePosixPath(".copier-answers.yml")].content
