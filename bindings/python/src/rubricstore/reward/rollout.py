"""What a policy wrote, and who judges it."""

from __future__ import annotations

import reprlib
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, Union

if TYPE_CHECKING:
    from ..pin import PinnedRubric

__all__ = ["Judge", "Judged", "Rollout", "Text", "text_of"]

Text = Union[str, Sequence[Mapping[str, Any]]]
"""A text, or chat messages: mappings with ``role`` and ``content``."""

Judged = Any
"""What a judge answers: for each rollout a mapping of criterion id to verdict, or all of them as
float64[rollouts, criteria] with the columns of the pin, NaN where there is no verdict."""


# What is told of a text where it stands beside thousands.
_brief = reprlib.Repr()
_brief.maxstring = _brief.maxother = 60
_brief.maxlist = _brief.maxtuple = _brief.maxdict = 2
_brief.maxlevel = 3


@dataclass(frozen=True, repr=False)
class Rollout:
    """What a policy wrote for a prompt.

    Attributes
    ----------
    prompt, completion : str or chat messages
    id : str
        The name by which evidence refers to it; made up where it is empty.
    extra : mapping
        What else the trainer knows: the columns of the data set.
    """

    prompt: Text
    completion: Text
    id: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def prompt_text(self) -> str:
        """The prompt as one text."""
        return text_of(self.prompt)

    @property
    def text(self) -> str:
        """The completion as one text."""
        return text_of(self.completion)

    def __repr__(self) -> str:
        prompt, completion = _brief.repr(self.prompt), _brief.repr(self.completion)
        return f"Rollout(id={self.id!r}, prompt={prompt}, completion={completion})"


class Judge(Protocol):
    """Gives verdicts: a function of the rubric and of rollouts; it may be ``async``.

    The pin has what it needs: `PinnedRubric.prompt` and `PinnedRubric.schema` for a model,
    `PinnedRubric.rubric` and `PinnedRubric.columns` for a program. It answers, for each rollout, a
    mapping of criterion id to verdict, as `PinnedRubric.score` takes them, or all of them as
    float64[rollouts, criteria].

    Where it fails at a rollout it says so, ``{"flow": Failed("timeout")}``, and does not make up a
    number. An exception ends the step. An attribute ``model`` is recorded with the evidence.
    """

    def __call__(
        self, pin: PinnedRubric, rollouts: Sequence[Rollout], /
    ) -> Judged | Awaitable[Judged]: ...


def text_of(text: Text) -> str:
    """A text; of chat messages the content of a single one, else each as ``role: content``."""
    if isinstance(text, str):
        return text
    messages = [(str(message.get("role", "")), _content(message)) for message in text]
    if len(messages) == 1:
        return messages[0][1]
    return "\n\n".join(f"{role}: {content}" for role, content in messages)


def _content(message: Mapping[str, Any]) -> str:
    content = message.get("content")
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    # Parts of a message; what is no text (an image) cannot be told in words.
    return "\n".join(str(part.get("text", "")) for part in content if part.get("type") == "text")
