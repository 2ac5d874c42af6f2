"""The container image: what it holds, what it starts, and how it reaches the repository of an environment."""

import ast
import re
import shutil
import subprocess
import tomllib
from pathlib import Path, PurePosixPath

import pytest
import yaml
from template.conftest import CASES, rendered, texts

from modelkeel.render import write
from stacks.documents import ci_deploy
from stacks.documents.container import STEPS, entrypoint

DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
REPOSITORY = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/card-fraud-dev-images"


def dockerfile(case: str) -> str:
    """Instructions of the Dockerfile, each on one line, without comments."""
    text = re.sub(r"^#.*\n", "", texts(case, "Dockerfile")["Dockerfile"], flags=re.MULTILINE)
    return re.sub(r"\s*\\\n\s*", " ", text)


def copied(case: str) -> list[str]:
    return [word for line in re.findall(r"^COPY (.*)$", dockerfile(case), re.MULTILINE) for word in line.split()[:-1]]


def package(case: str) -> str:
    (name,) = (word.removeprefix("src/") for word in copied(case) if word.startswith("src/"))
    return name


def trained(case: str) -> list[dict[str, object]]:
    return [yaml.safe_load(text)["config"] for text in texts(case, ".yaml").values() if "training:image_tag" in text]


def test_every_command_that_a_job_starts_is_in_the_image(case: str) -> None:
    assert {config["training:package"] for config in trained(case)} == {package(case)}
    for step in STEPS:
        if step == "edge_release" and case != "maintenance":
            # Only a fleet of devices has releases to pack.
            continue
        module = entrypoint(package(case), step)[-1]
        assert PurePosixPath("src", *module.split(".")).with_suffix(".py") in rendered(case), module


def test_the_image_has_what_the_model_needs_and_nothing_of_the_infrastructure(case: str) -> None:
    groups = tomllib.loads(texts(case, "pyproject.toml")["pyproject.toml"])["dependency-groups"]
    installed = re.findall(r"--group (\S+)", dockerfile(case))

    assert installed == ["ml", *(["ray"] if "ray" in groups else [])]
    assert not re.search(r"pip install[^&]* (\.|-e|--editable)", dockerfile(case))


def test_an_endpoint_starts_the_server_on_8080_where_others_reach_it(case: str) -> None:
    text = dockerfile(case)
    serve = texts(case, "/serve.py")[f"src/{package(case)}/serve.py"]
    ports = [
        keyword.value.value
        for node in ast.walk(ast.parse(serve))
        if isinstance(node, ast.Call) and node.args and getattr(node.args[0], "value", None) == "--port"
        for keyword in node.keywords
        if keyword.arg == "default" and isinstance(keyword.value, ast.Constant)
    ]

    assert ports == [8080]
    assert "EXPOSE 8080\n" in text
    assert f"exec python -m {package(case)}.serve" in text
    assert "> /usr/local/bin/serve" in text
    assert 'CMD ["serve"]\n' in text
    assert "ML_HOST=0.0.0.0" in text
    assert 'os.environ.get("ML_HOST"' in serve


def test_nothing_stands_before_the_command_of_a_batch_job(case: str) -> None:
    """AWS Batch replaces CMD and leaves ENTRYPOINT; SageMaker starts containers as root alone."""
    assert not re.search(r"^(ENTRYPOINT|USER)", dockerfile(case), re.MULTILINE)


def test_the_build_sees_what_is_copied_and_nothing_else(case: str) -> None:
    lines = texts(case, ".dockerignore")[".dockerignore"].splitlines()
    seen = {line[1:] for line in lines if line.startswith("!")}

    assert "*" in lines
    assert seen == {word.split("/")[0].replace("[t]", "t") for word in copied(case)}


def test_the_deploy_role_may_push() -> None:
    """The actions of `docker push` and of looking for a tag: Amazon ECR User Guide, "Pushing an image" (2026-11-25)."""
    layers = {"CompleteLayerUpload", "InitiateLayerUpload", "PutImage", "UploadLayerPart"}

    needed = {f"ecr:{action}" for action in (*layers, "BatchCheckLayerAvailability", "BatchGetImage")}

    assert needed <= set(ci_deploy.IMAGE_ACTIONS)


TOOLS = ("cat", "dirname", "grep", "sed", "sh", "tail", "tr")
ENGINE = """#!/bin/sh
case "$1 $2" in "buildx version") test -z "$OLD"; exit ;; esac
echo "$(basename "$0") $*" >> "$LOG"
case $1 in push) touch "$PUSHED" ;; login) cat >/dev/null ;; esac
"""
PULUMI = f"""#!/bin/sh
echo "pulumi $*" >> "$LOG"
case "$*" in *"stack output"*) test -z "$EMPTY" && echo {REPOSITORY} ;; esac
"""
AWS = """#!/bin/sh
echo "aws $*" >> "$LOG"
case "$*" in
    *get-login-password*) echo secret ;;
    *imageManifestMediaType*) echo "$KIND" ;;
    *) if test -e "$PUSHED"; then echo sha256:abc; else echo None; fi ;;
esac
"""


class Shell:
    """Runs the script with tools that only write down how they were called."""

    def __init__(self, folder: Path) -> None:
        self.repository, self.bin, self.log = folder / "repository", folder / "bin", folder / "log"
        self.pushed = folder / "pushed"
        write(rendered("fraud"), self.repository)
        self.bin.mkdir()
        for name in (*TOOLS, "basename", "touch"):
            (self.bin / name).symlink_to(str(shutil.which(name)))
        for name, text in {"docker": ENGINE, "pulumi": PULUMI, "aws": AWS}.items():
            self.install(name, text)

    def install(self, name: str, text: str) -> None:
        (self.bin / name).write_text(text, encoding="utf-8")
        (self.bin / name).chmod(0o755)

    def run(self, *arguments: str, **different: str) -> subprocess.CompletedProcess[str]:
        self.log.write_text("", encoding="utf-8")
        told = {"LOG": str(self.log), "PUSHED": str(self.pushed), "KIND": DOCKER_MANIFEST, "EMPTY": "", "OLD": ""}
        return subprocess.run(
            ["scripts/image.sh", *arguments],
            cwd=self.repository,
            env={"PATH": str(self.bin), **told, **different},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def asked(self) -> str:
        return self.log.read_text(encoding="utf-8")


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


def test_an_image_is_built_for_the_machines_under_the_tag_of_the_settings(shell: Shell) -> None:
    done = shell.run("build", "dev")

    assert done.returncode == 0, done.stderr
    assert shell.asked() == (
        "docker buildx build --provenance=false --sbom=false --output type=docker "
        "--platform linux/amd64 --tag card-fraud:0.1.0 .\n"
    )


def test_podman_serves_where_docker_is_missing_and_mirrors_reach_the_build(shell: Shell) -> None:
    (shell.bin / "docker").unlink()
    shell.install("podman", ENGINE)

    shell.run("build", "dev", BASE="mirror.example/python@sha256:1", PIP_INDEX_URL="https://mirror.example/simple")

    assert shell.asked() == (
        "podman build --format docker --platform linux/amd64 --tag card-fraud:0.1.0 "
        "--build-arg BASE=mirror.example/python@sha256:1 --build-arg PIP_INDEX_URL=https://mirror.example/simple .\n"
    )


def test_a_push_asks_for_the_repository_builds_logs_in_and_looks_at_what_arrived(shell: Shell) -> None:
    done = shell.run("push", "dev")

    calls = [" ".join(line.split()[:2]) for line in shell.asked().splitlines()]
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == f"{REPOSITORY}:0.1.0 is sha256:abc"
    assert [call for call in calls if call.startswith("docker")] == ["docker buildx", "docker login", "docker push"]
    assert "--registry-id 111111111111 --repository-name card-fraud-dev-images" in shell.asked()


def test_a_tag_that_is_there_is_left_alone(shell: Shell) -> None:
    shell.pushed.touch()

    done = shell.run("push", "dev")

    assert done.returncode == 0
    assert "raise training:image_tag in config/training/Pulumi.dev.yaml" in done.stdout
    assert "docker" not in shell.asked()


def test_a_format_that_endpoints_refuse_is_told(shell: Shell) -> None:
    done = shell.run("push", "dev", KIND="application/vnd.oci.image.index.v1+json")

    assert done.returncode == 1
    assert "pushed, but as application/vnd.oci.image.index.v1+json" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "missing", "said"),
    [
        (("build", "dev"), "docker", "neither docker nor podman is installed"),
        (("push", "dev"), "aws", "aws is not installed"),
        (("push", "dev"), "pulumi", "pulumi is not installed"),
        (("build", "nowhere"), None, "no environment 'nowhere': choose from dev staging prod"),
        (("burn", "dev"), None, "'burn' is none of build and push"),
        ((), None, "'' is none of build and push"),
    ],
)
def test_what_is_missing_is_named(shell: Shell, arguments: tuple[str, ...], missing: str | None, said: str) -> None:
    if missing:
        (shell.bin / missing).unlink()

    done = shell.run(*arguments)

    assert done.returncode == 2
    assert said in done.stderr
    assert "docker" not in shell.asked()


def test_a_docker_without_buildx_is_told(shell: Shell) -> None:
    done = shell.run("build", "dev", OLD="yes")

    assert done.returncode == 2
    assert "docker has no buildx plugin" in done.stderr


def test_a_push_before_the_training_program_says_what_comes_first(shell: Shell) -> None:
    done = shell.run("push", "dev", EMPTY="yes")

    assert done.returncode == 2
    assert "dev has no repository yet" in done.stderr


def test_an_environment_that_trains_nothing_needs_no_image(shell: Shell) -> None:
    (shell.repository / "config" / "training" / "Pulumi.dev.yaml").unlink()

    done = shell.run("push", "dev")

    assert done.returncode == 0
    assert "no image is needed" in done.stdout
    assert shell.asked() == ""


def test_every_case_has_an_image() -> None:
    assert [case for case in CASES if PurePosixPath("Dockerfile") not in rendered(case)] == []
