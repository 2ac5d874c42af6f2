"""What a generated repository tells people to run, exists: targets, modules, files; and the README leads to the end."""

import re

import pytest
from template.conftest import CASES, rendered, texts

MAKEFILES = ("Makefile", ".mk")


@pytest.mark.parametrize("case", CASES)
def test_every_target_that_a_page_names_is_in_the_makefile(case: str) -> None:
    makefiles = "\n".join(texts(case, *MAKEFILES).values())
    targets = set(re.findall(r"^([a-z-]+):", makefiles, re.MULTILINE))
    assert {"bootstrap", "up", "push", "verify", "drift", "move", "destroy"} <= targets

    for path, text in texts(case, ".md").items():
        named = set(re.findall(r"(?:^|`)make ([a-z-]+)", text, re.MULTILINE))
        assert named <= targets, path


@pytest.mark.parametrize("case", CASES)
def test_every_page_that_a_page_links_to_is_there(case: str) -> None:
    files = {str(path) for path in rendered(case)}

    for path, text in texts(case, "README.md", "docs/operations.md", "docs/first-deployment.md").items():
        folder = path.rpartition("/")[0]
        for link in re.findall(r"\]\(([^)#:]+\.md)\)", text):
            assert (f"{folder}/{link}" if folder else link) in files, f"{path}: {link}"


@pytest.mark.parametrize("case", CASES)
def test_the_readme_leads_from_an_empty_account_to_a_model_that_is_watched(case: str) -> None:
    """In the order in which it works: each step stands on the one before."""
    readme = texts(case, "README.md")["README.md"]
    way = readme.partition("## From an empty account to a live model")[2].partition("\n## ")[0]
    steps = (
        *("make bootstrap", "make up", "make push", "confirms the mail", "CODEOWNERS", "administrator's role back"),
        *("pipeline_name", "model-approval.md", "serving:model_package_arn", "make verify", "make drift", "dashboards"),
    )
    found = [way.find(step) for step in steps]

    assert -1 not in found, steps[found.index(-1)]
    assert found == sorted(found)


def test_what_the_readme_names_is_exported_by_the_programs() -> None:
    training = rendered("fraud")
    text = {str(path): file.content.decode() for path, file in training.items() if path.suffix == ".py"}

    assert 'export("pipeline_name"' in text["stacks/training/__main__.py"]
    assert "model_package_arn" in text["stacks/serving/settings.py"]
    assert "Dashboard(" in text["stacks/monitoring/dashboards.py"] + text["stacks/charts.py"]
