"""Resources that exist already and that the next update takes over instead of making them.

`modelkeel import` checks the ids and writes the option; an update takes over only what is as the program says, and
names each property that is not.
"""

from __future__ import annotations

import pulumi

from stacks.settings import SettingsError

OPTION = "import_ids"


def take_over() -> None:
    """Import each resource that `modelkeel:import_ids` names by `TYPE::NAME`; to be called before any is made.

    A line whose resource is in the state with that id does nothing more, and is best removed after the update.

    Raises:
        SettingsError: the option is no mapping of texts.
    """
    ids = pulumi.Config("modelkeel").get_object(OPTION)
    if ids is None:
        return
    if not isinstance(ids, dict) or not all(isinstance(value, str) and value for value in ids.values()):
        raise SettingsError(f"modelkeel:{OPTION} must map resources, TYPE::NAME, to ids, got {ids!r}")

    def imported(
        given: pulumi.ResourceTransformationArgs,
    ) -> pulumi.ResourceTransformationResult | None:
        identifier = ids.get(f"{given.type_}::{given.name}")
        if identifier is None:
            return None
        options = pulumi.ResourceOptions.merge(given.opts, pulumi.ResourceOptions(import_=identifier))
        return pulumi.ResourceTransformationResult(props=given.props, opts=options)

    pulumi.runtime.register_stack_transformation(imported)
