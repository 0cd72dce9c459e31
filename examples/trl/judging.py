"""A judge that is a program, and people's marks.

The judge knows nothing but the rubric that it is given: each criterion names the characters that it
counts, and the reasons to score lower that the meta-editor adds are heeded.
"""

import random

from rubricstore import Failed


def judge(pin, rollouts):
    """Verdicts of each rollout, by criterion."""
    judged = [criterion for criterion in pin.rubric if not criterion.criteria]
    return [{one.id: verdict(one, rollout.text) for one in judged} for rollout in rollouts]


judge.model = "counting"  # recorded with the evidence


def verdict(criterion, text):
    """The share of the text that is what the criterion counts."""
    counted = criterion.ext.get("counts")
    if not counted:
        return Failed(f"`{criterion.id}` does not say which characters it counts")
    if not text:
        return 0.0
    found = [character for character in text if character in counted]
    # A reason in the proposer's words: what says again what it has said counts once.
    if any("says again" in reason for reason in criterion.lower_when):
        found = set(found)
    return len(found) / len(text)


def marks(rollouts):
    """What a person would give: letters are worth something, exclamation marks are not.

    People read half of the notes, and their marks scatter. The reward never has any of this.
    """
    return [mark(rollout.text) for rollout in rollouts]


def mark(text):
    person = random.Random(text)
    if person.random() < 0.5:
        return None
    letters = sum(character.isalpha() for character in text)
    return round(letters / max(1, len(text)) + person.gauss(0, 0.05), 3)
