"""Copies of a model with another chat template."""

from __future__ import annotations

from pathlib import Path

from gguf import GGUFReader, GGUFValueType, GGUFWriter

_TEMPLATE = "tokenizer.chat_template"
_WRITTEN_BY_ITSELF = {"GGUF.version", "GGUF.tensor_count", "GGUF.kv_count", "general.architecture"}


def with_template(model: Path, copy: Path, template: str | bytes | None) -> Path:
    """Write `copy`: the same metadata and tensors, and this template or none; bytes need not be UTF-8."""
    reader = GGUFReader(model)
    writer = GGUFWriter(copy, reader.fields["general.architecture"].contents())
    for field in reader.fields.values():
        if field.name not in _WRITTEN_BY_ITSELF | {_TEMPLATE}:
            kind, *items = field.types
            writer.add_key_value(field.name, field.contents(), kind, items[-1] if items else None)
    if template is not None:
        writer.add_key_value(_TEMPLATE, template, GGUFValueType.STRING)
    for tensor in reader.tensors:
        writer.add_tensor(tensor.name, tensor.data, raw_dtype=tensor.tensor_type)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return copy
