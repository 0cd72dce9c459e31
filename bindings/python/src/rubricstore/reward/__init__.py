"""Rewards for trainers, by a rubric that follows its branch between steps.

`RubricReward` is what `rubricstore.trl`, `rubricstore.verl`, `rubricstore.openrlhf` and
`rubricstore.verifiers` share, and what another trainer can be given:

>>> from rubricstore.reward import Rollout, RubricReward
>>> reward = RubricReward("runs", "essay@exp-a", judge, every=20)                 # doctest: +SKIP
>>> graded = reward.grade([Rollout(prompt, completion)], step=7)                  # doctest: +SKIP
>>> graded.rewards, graded.commit                                                 # doctest: +SKIP

All rollouts of a step are graded by one commit. Every `every` steps the graded rollouts go to the
meta-editor, and the next step is graded by what it committed.
"""

from __future__ import annotations

from .. import batch as _batch  # noqa: F401  First, since it says so where NumPy is not there.
from .core import RubricReward
from .graded import Graded, GradedStep
from .peers import Peers, RunFolder, Solo
from .rollout import Judge, Rollout
from .update import Update

__all__ = [
    "Graded",
    "GradedStep",
    "Judge",
    "Peers",
    "Rollout",
    "RubricReward",
    "RunFolder",
    "Solo",
    "Update",
]
