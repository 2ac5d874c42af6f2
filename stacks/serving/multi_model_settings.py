"""Configuration of a multi-model endpoint; keys of the serving program that begin with `multi_model_`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import ClassVar

from stacks.serving.settings import FleetSettings
from stacks.settings import SettingsError

MAIN_MODEL = "model"
MODEL_NAME = re.compile(r"[A-Za-z0-9](?:-?[A-Za-z0-9]){0,47}")
PACKAGE_VERSION = re.compile(r":model-package/[^/]+/\d+$")
ACCELERATED = re.compile(r"ml\.(?:p|g|gr|inf|trn)\d")


@dataclass(frozen=True, kw_only=True)
class MultiModelSettings(FleetSettings):
    """Many models share instances and one image; each is loaded from S3 when it is first asked for."""

    PREFIX: ClassVar[str] = "multi_model_"

    image_tag: str = ""
    """Tag of the image that serves them all, in the project's repository; its digest is looked up."""
    cache: bool = True
    """Keep loaded models in memory; off suits very many models that are each asked for rarely."""
    target_invocations_per_instance_per_minute: int = 1000
    """Invocations a minute and instance at which autoscaling holds the fleet."""
    further_model_packages: dict[str, str] = field(default_factory=dict)
    """More approved packages beside `serving:model_package_arn`: name of the model -> ARN of the package version."""

    def __post_init__(self) -> None:
        """Refuse a missing image, machines with GPUs, and names that callers could not write.

        Raises:
            SettingsError: names the key, the value and what is allowed.
        """
        super().__post_init__()
        key = f"serving:{self.PREFIX}"
        if not self.image_tag:
            raise SettingsError(f"{key}image_tag is empty, expected the tag of an image in the project's repository")
        if ACCELERATED.match(self.instance_type):
            raise SettingsError(
                f"{key}instance_type is {self.instance_type!r}: many models on GPUs need NVIDIA Triton as their "
                "server; set a type without GPUs"
            )
        for name, package in self.further_model_packages.items():
            if name == MAIN_MODEL or not MODEL_NAME.fullmatch(name):
                raise SettingsError(
                    f"{key}further_model_packages names {name!r}, expected letters, digits and hyphens, 1 to 48, and "
                    f"not {MAIN_MODEL!r}, which is serving:model_package_arn"
                )
            if not PACKAGE_VERSION.search(package):
                raise SettingsError(
                    f"{key}further_model_packages has {package!r} for {name!r}, expected the ARN of a version in the "
                    "registry: arn:...:model-package/GROUP/NUMBER"
                )
