"""What must be so at the end of the training."""

import numpy


def check(store, reward, log, every):
    """Tells what holds and what does not; the exit status."""
    steps = list(reward.history)
    entries = [entry for entry in log if "rubric_commit" in entry]
    first = steps[0].commit
    before = [entry for entry in entries if entry["rubric_commit"] == first]
    update = reward.updates[0] if reward.updates else None
    checks = {
        "each step was graded by one commit": len({step.step for step in steps}) == len(steps),
        "the log says which, step by step": [
            (entry["rubric_step"], entry["rubric_commit"]) for entry in entries
        ]
        == [(step.step, step.commit) for step in steps],
        "the policy learns: the reward by the first commit rises": rise(before, "reward") > 0.05,
        "it games the rubric: `lively` rises": rise(before, "rubric/lively") > 0.05,
        "a meta-update changed the rubric in the midst": update is not None
        and update.changed
        and update.step == every,
    }
    if update is not None and update.changed:
        edits = [edit.edit for edit in update.result.proposal.edits]
        second = steps[every].commit
        checks |= {
            "it found the loophole, by its figures": any(
                edit.get("id") == "lively" and "Spearman" in edit["rationale"] for edit in edits
            ),
            "the last step before it was graded by the old commit": steps[every - 1].commit
            == first,
            "the step after it was graded by the new one": second == update.commit != first,
            "the branch's history has it": update.commit
            in [entry.commit for entry in store.log("note@exp-a")],
            "the commit makes the reward: both score the same verdicts otherwise": differs(
                store, first, second
            ),
            "the policy leaves the loophole": entries[-1]["rubric/lively"]
            < max(entry["rubric/lively"] for entry in entries) / 2,
        }
    print()
    for sentence, holds in checks.items():
        print("ok  " if holds else "NOT ", sentence)
    return 0 if all(checks.values()) else 1


def rise(entries, name):
    """From the first two steps to the last two."""
    values = [entry[name] for entry in entries]
    return numpy.mean(values[-2:]) - numpy.mean(values[:2])


def differs(store, first, second):
    """Whether a note of exclamation marks earns less than it did."""
    old, new = (store.pull(f"note@{commit}") for commit in (first, second))
    gaming = numpy.array([[0.0, 1.0]])  # no letters, all exclamation marks
    return new.score_batch(gaming).rewards[0] < old.score_batch(gaming).rewards[0]
