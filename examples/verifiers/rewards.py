"""The file for `--env.taskset.task.rewards.answer.fn rewards.py:answer`."""

import os

from rubricstore.verifiers import rubric_reward


def judge(pin, rollouts):
    """A stand-in for a model; it looks at the text of the reply."""
    return [
        {
            "question": "because" in rollout.text,
            "clarity": 2 if rollout.text.endswith(".") else 1,
            "wording": min(4, len(set(rollout.text.split()))),
            "padding": len(rollout.text.split()) != len(set(rollout.text.split())),
        }
        for rollout in rollouts
    ]


# A full hash, as in an evaluation that is to mean the same next year.
answer = rubric_reward(os.environ["RUBRIC_STORE"], os.environ["RUBRIC"], judge)
