"""What the program tells of an action and of its outputs."""

from __future__ import annotations

from dataclasses import dataclass, field

from ._errors import BitlawError


@dataclass(frozen=True)
class Output:
    """An output of an action: one file, or a folder, named by the SHA-256 of its content."""

    name: str
    digest: str
    size: int
    #: The name that `bitlaw export` gives it, such as `weights.safetensors`; its extension is its format.
    file: str
    #: What a person does with it: data, page, law, allocation or design.
    role: str
    is_folder: bool


@dataclass(frozen=True)
class Action:
    """One stage at one point of its axes."""

    name: str
    #: The values on its axes, in their order.
    axes: dict
    kind: str
    #: The SHA-256 that names what it is made of; None before what it reads has run.
    key: "str | None"
    parameters: dict
    #: By name; empty while it has not run.
    outputs: "dict[str, Output]"
    #: How long it took; None while it has not run.
    seconds: "float | None"
    #: The path of the store that was asked.
    store: str = field(repr=False)
    #: Everything that `bitlaw show --json` tells.
    document: dict = field(repr=False)

    @classmethod
    def of(cls, document: dict) -> "Action":
        """Reads what `bitlaw show --json` tells."""
        try:
            return cls._of(document)
        except KeyError as found:
            raise BitlawError(
                f"bitlaw show --json tells nothing of {found}\n"
                "  fix: install the program and the package of one version") from found

    @classmethod
    def _of(cls, document: dict) -> "Action":
        outputs = [
            Output(
                name=each["name"], digest=each["digest"], size=each["size"],
                file=each["file"], role=each["role"],
                is_folder=each.get("tree", False))
            for each in document["outputs"]
        ]
        return cls(
            name=document["action"],
            axes={axis["name"]: axis["value"] for axis in document["axes"]},
            kind=document["kind"], key=document["key"], parameters=document["parameters"],
            outputs={output.name: output for output in outputs}, seconds=document["seconds"],
            store=document["store"], document=document)
