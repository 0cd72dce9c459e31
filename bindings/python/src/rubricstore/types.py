"""The types of arguments, for annotations of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypedDict, Union

from .verdicts import Failed, NotApplicable

__all__ = [
    "Author",
    "Edit",
    "Evidence",
    "MaskArray",
    "MatrixLike",
    "Proposer",
    "Verdict",
]

Verdict = float | bool | str | None | NotApplicable | Failed | BaseException | Mapping[str, Any]
"""What a judge says of a criterion; see `PinnedRubric.score`."""

MatrixLike = Any
"""An array, a tensor, a data frame, or anything with the buffer protocol: [rollouts, criteria]."""

MaskArray = Any
"""An array of bool or uint8: [rollouts, criteria]."""

Edit = Mapping[str, Any]
"""A typed edit, as `rubricstore.edits` makes it: ``{"op": "pin", "id": "flow"}``."""


class _Author(TypedDict):
    name: str
    email: str


Author = Union[str, "tuple[str, str]", _Author]
"""Who commits: ``"Ada <ada@example.org>"``, ``("Ada", "ada@example.org")`` or a mapping."""


class _Proposer(TypedDict, total=False):
    author: Literal["human", "meta", "import"]
    name: str


Proposer = Union[Literal["human", "meta", "import"], "tuple[str, str]", _Proposer]
"""Who proposes: ``"meta"``, ``("meta", "qwen-72b")`` or a mapping of ``author`` and ``name``."""

Evidence = Any
"""Graded rollouts: JSON lines as text or bytes, a path of such a file, or mappings, one each."""
