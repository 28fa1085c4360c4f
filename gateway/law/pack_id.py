"""The id of a law pack, by which policies ask for it."""


def pack_id(path: str) -> str:
    """The id of the pack at `path`, which counts from policies/ or from policies/law/."""
    return path.removeprefix("law/").removesuffix(".yaml")
