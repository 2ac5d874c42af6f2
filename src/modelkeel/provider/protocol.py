"""The few messages of Terraform's plugin protocol 5 that validation needs, built without generated code.

Field numbers are those of tfplugin5.proto (https://developer.hashicorp.com/terraform/plugin/terraform-plugin-protocol).
Fields that are left out here are skipped by protobuf. A resource's schema stays bytes in the answer to
`GetSchema`: a provider describes some 1,500 types, a project uses some eighty.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

PACKAGE = "modelkeel.provider"
SERVICE = "/tfplugin5.Provider/"

ERROR = 1
"""The severity of a diagnostic that stops Terraform; 2 is a warning."""

SINGLE, LIST, SET, MAP, GROUP = 1, 2, 3, 4, 5
"""How a block nests in another one."""

# message -> field -> (number, type); a type is a scalar or a message's name, `*` marks a repeated field.
MESSAGES: Mapping[str, Mapping[str, tuple[int, str]]] = {
    "Value": {"msgpack": (1, "bytes")},
    "Step": {"attribute_name": (1, "string"), "element_key_string": (2, "string"), "element_key_int": (3, "int64")},
    "Path": {"steps": (1, "*Step")},
    "Diagnostic": {
        "severity": (1, "int64"),
        "summary": (2, "string"),
        "detail": (3, "string"),
        "attribute": (4, "Path"),
    },
    "Attribute": {
        "name": (1, "string"),
        "type": (2, "bytes"),
        "required": (4, "bool"),
        "optional": (5, "bool"),
        "computed": (6, "bool"),
    },
    "Nested": {
        "type_name": (1, "string"),
        "block": (2, "Block"),
        "nesting": (3, "int64"),
        "min_items": (4, "int64"),
        "max_items": (5, "int64"),
    },
    "Block": {"attributes": (2, "*Attribute"), "block_types": (3, "*Nested")},
    "Schema": {"version": (1, "int64"), "block": (2, "Block")},
    "Entry": {"key": (1, "string"), "value": (2, "bytes")},
    "Empty": {},
    "Schemas": {"provider": (1, "Schema"), "resources": (2, "*Entry"), "diagnostics": (4, "*Diagnostic")},
    "PrepareRequest": {"config": (1, "Value")},
    "PrepareResponse": {"diagnostics": (2, "*Diagnostic")},
    "ValidateRequest": {"type_name": (1, "string"), "config": (2, "Value")},
    "ValidateResponse": {"diagnostics": (1, "*Diagnostic")},
    "ConfigureRequest": {"terraform_version": (1, "string"), "config": (2, "Value")},
    "ConfigureResponse": {"diagnostics": (1, "*Diagnostic")},
    "PlanRequest": {
        "type_name": (1, "string"),
        "prior_state": (2, "Value"),
        "proposed_new_state": (3, "Value"),
        "config": (4, "Value"),
    },
    "PlanResponse": {
        "planned_state": (1, "Value"),
        "requires_replace": (2, "*Path"),
        "diagnostics": (4, "*Diagnostic"),
    },
}

METHODS: Mapping[str, tuple[str, str]] = {
    "GetSchema": ("Empty", "Schemas"),
    "PrepareProviderConfig": ("PrepareRequest", "PrepareResponse"),
    "ValidateResourceTypeConfig": ("ValidateRequest", "ValidateResponse"),
    "Configure": ("ConfigureRequest", "ConfigureResponse"),
    "PlanResourceChange": ("PlanRequest", "PlanResponse"),
}

_SCALARS = {
    "bytes": descriptor_pb2.FieldDescriptorProto.TYPE_BYTES,
    "string": descriptor_pb2.FieldDescriptorProto.TYPE_STRING,
    "bool": descriptor_pb2.FieldDescriptorProto.TYPE_BOOL,
    "int64": descriptor_pb2.FieldDescriptorProto.TYPE_INT64,
}


def _file() -> descriptor_pb2.FileDescriptorProto:
    file = descriptor_pb2.FileDescriptorProto(name="modelkeel/provider.proto", package=PACKAGE, syntax="proto3")
    for name, fields in MESSAGES.items():
        message = file.message_type.add(name=name)
        for field_name, (number, kind) in fields.items():
            plain = kind.removeprefix("*")
            field = message.field.add(name=field_name, number=number)
            field.label = field.LABEL_REPEATED if kind.startswith("*") else field.LABEL_OPTIONAL
            if plain in _SCALARS:
                field.type = _SCALARS[plain]
            else:
                field.type = field.TYPE_MESSAGE
                field.type_name = f".{PACKAGE}.{plain}"
        if name == "Step":
            # Without a oneof, an index of 0 could not be told from no index.
            message.oneof_decl.add(name="selector")
            for field in message.field:
                field.oneof_index = 0
    return file


def _classes() -> dict[str, Any]:
    pool = descriptor_pool.DescriptorPool()
    pool.Add(_file()) if hasattr(pool, "Add") else pool.AddSerializedFile(_file().SerializeToString())
    return {name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{PACKAGE}.{name}")) for name in MESSAGES}


CLASSES: Mapping[str, Any] = _classes()


def message(name: str, **fields: Any) -> Any:
    """Return a new message of MESSAGES with these fields."""
    return CLASSES[name](**fields)


def parse(name: str, data: bytes) -> Any:
    """Return the message `name` that `data` holds."""
    return CLASSES[name].FromString(data)
