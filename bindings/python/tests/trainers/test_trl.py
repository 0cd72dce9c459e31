"""The reward for TRL: by itself, in several processes, and in a training."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from run_example import run

from rubricstore import Failed, PinnedRubric, Store, edits
from rubricstore.reward import Rollout
from rubricstore.trl import Ranks, RubricReward

NOTE = """\
schema: rubric/1
id: note
criteria:
  - {id: words, text: Is it written in words?, scale: {numeric: {min: 0, max: 1}}}
  - {id: lively, text: Is it lively?, weight: 1.5, scale: {numeric: {min: 0, max: 1}}}
"""


@pytest.fixture
def notes(tmp_path: Path) -> Store:
    store = Store.create(tmp_path / "notes")
    store.add(NOTE, because="where the run starts")
    return store


def judge(pin: PinnedRubric, rollouts: Sequence[Rollout]) -> list[dict[str, Any]]:
    return [
        {
            "words": Failed("no text") if not rollout.text else 1,
            "lively": rollout.text.count("!") / max(1, len(rollout.text)),
        }
        for rollout in rollouts
    ]


def state(step: int) -> Any:
    return SimpleNamespace(global_step=step, log_history=[])


def test_what_trl_calls(notes: Store) -> None:
    reward = RubricReward(notes, "note@main", judge)
    assert (
        reward.__name__ == "note" and RubricReward(notes, "note", judge, name="x").__name__ == "x"
    )
    columns: dict[str, list[Any]] = {}
    metrics: dict[str, float] = {}
    rewards = reward(
        prompts=["a", "b", "c"],
        completions=["ab", "!!", ""],
        completion_ids=[[1], [2], [3]],
        trainer_state=state(4),
        log_extra=columns.__setitem__,
        log_metric=metrics.__setitem__,
        topic=["rain", "sea", "tea"],
        environments=None,
    )
    assert rewards == [pytest.approx(0.4), 1.0, None]
    commit = notes.pull("note").commit
    assert columns == {"rubric_commit": [commit[:12]] * 3}
    assert metrics == {
        "rubric/words": 1.0,
        "rubric/lively": pytest.approx(1 / 3),
        "rubric/version": 0.0,
        "rubric/unscored": pytest.approx(1 / 3),
    }
    assert [(step.step, step.commit) for step in reward.history] == [(4, commit)]


def test_the_versions_are_counted(notes: Store) -> None:
    reward = RubricReward(notes, "note@main", judge)
    seen: list[float] = []
    for step in range(3):
        metrics: dict[str, float] = {}
        reward(["p"], ["ab"], trainer_state=state(step), log_metric=metrics.__setitem__)
        seen.append(metrics["rubric/version"])
        if step == 1:
            notes.commit(edits.reweight("lively", 1))
    assert seen == [0.0, 0.0, 1.0]


def test_another_training_with_the_same_reward(notes: Store) -> None:
    reward = RubricReward(notes, "note@main", judge, every=2)
    for step in range(2):
        reward(["p"], ["ab"], trainer_state=state(step))
    second = notes.commit(edits.reweight("lively", 1)).commit
    for step in range(3):
        reward(["p"], ["ab"], trainer_state=state(step))
    assert [step.commit == second for step in reward.history] == [False] * 2 + [True] * 3
    assert [update.step for update in reward.updates] == [2]


def test_an_evaluation_is_no_evidence(notes: Store) -> None:
    class Trainer:
        model = SimpleNamespace(training=True)

        def log_metric(self, name: str, value: float) -> None:
            logged.append(name)

    logged: list[str] = []
    trainer = Trainer()
    reward = RubricReward(notes, "note@main", judge, gold="mark")

    def asks(step: int, **columns: Any) -> list[float | None]:
        said = trainer.log_metric
        return reward(["p"], ["ab"], trainer_state=state(step), log_metric=said, **columns)

    trained = asks(0, mark=[0.5])
    trainer.model.training = False
    logged.clear()
    assert asks(1) == trained and "rubric/words" in logged  # Without marks, which none would read.
    assert len(reward.peers.records()) == 1 and reward.steps == len(reward.history) == 1
    trainer.model.training = True
    asks(1, mark=[0.5])
    assert len(reward.peers.records()) == 2 and [one.step for one in reward.history] == [0, 1]


def test_conversations_and_columns(notes: Store) -> None:
    seen: list[Rollout] = []

    def looks(pin: PinnedRubric, rollouts: Sequence[Rollout]) -> list[dict[str, Any]]:
        seen.extend(rollouts)
        return judge(pin, rollouts)

    reward = RubricReward(notes, "note@main", looks)
    prompt = [{"role": "user", "content": "about rain"}]
    completion = [{"role": "assistant", "content": "rain!"}]
    rewards = reward([prompt] * 2, [completion] * 2, topic=["rain", "sea"], odd=[1, 2, 3])
    assert rewards[0] == rewards[1] is not None
    assert [rollout.extra for rollout in seen] == [{"topic": "rain"}, {"topic": "sea"}]
    assert seen[0].text == "rain!" and seen[0].prompt_text == "about rain"
    assert len({rollout.id for rollout in seen}) == 2


def test_the_log_history_names_the_commit(notes: Store) -> None:
    pytest.importorskip("transformers", reason="transformers is not installed here")
    reward = RubricReward(notes, "note@main", judge)
    callback = reward.callback()
    trainer = state(0)
    first = notes.pull("note").commit
    # An entry a step, then one for two steps, then one about none.
    for steps in ([0], [1, 2], []):
        for step in steps:
            if step == 2:
                notes.commit(edits.reweight("lively", 1))
            reward(["p"], ["ab"], trainer_state=state(step))
        trainer.log_history.append({"loss": 0.0})
        callback.on_log(None, trainer, None, logs={})
    second = notes.pull("note").commit
    assert trainer.log_history == [
        {"loss": 0.0, "rubric_commit": first, "rubric_step": 0},
        {"loss": 0.0, "rubric_commit": second, "rubric_step": 2, "rubric_commits": [first, second]},
        {"loss": 0.0},
    ]


def grade_in_rank(rank: int, path: str, meeting: str, found: Any) -> None:
    """One of two processes, as accelerate starts them."""
    import torch.distributed

    torch.distributed.init_process_group(
        "gloo", init_method=f"file://{meeting}", rank=rank, world_size=2
    )
    store = Store.open(path)

    def marks(rollouts: Sequence[Rollout]) -> list[float | None]:
        return [1 - rollout.text.count("!") / len(rollout.text) for rollout in rollouts]

    reward = RubricReward(store, "note@exp-a", judge, every=2, gold=marks, author="T <t@e.org>")
    commits = []
    for step in range(4):
        texts = [("a" * (1 + number % 7) + "!" * (number % 5)) for number in range(40)]
        reward(["p"] * 40, texts, trainer_state=state(step))
        commits.append(reward.history[-1].commit)
    kept = [record["rollout"] for record in reward.peers.records()]
    failure = ""
    if rank == 0:
        store.delete_branch("exp-a", force=True)
    torch.distributed.barrier()
    try:
        reward(["p"], ["ab"], trainer_state=state(4))
    except LookupError as error:  # All of them hear of it, and none waits for ever.
        failure = str(error)
    found.put((rank, commits, [update.step for update in reward.updates], kept, failure))
    torch.distributed.destroy_process_group()


def test_two_processes_agree(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="torch is not installed here")
    store = Store.create(tmp_path / "notes")
    store.add(NOTE, because="where the run starts")
    store.create_branch("exp-a")
    context = multiprocessing.get_context("spawn")
    found = context.Queue()
    workers = [
        context.Process(target=grade_in_rank, args=(rank, store.path, f"{tmp_path}/meet", found))
        for rank in range(2)
    ]
    for worker in workers:
        worker.start()
    answers = sorted(found.get(timeout=120) for _ in workers)
    for worker in workers:
        worker.join()
    (_, commits, updates, kept, failure), (_, others, none, nothing, also) = answers
    assert commits == others and len(set(commits)) == 2 and commits[1] != commits[2]
    # The first one has the rollouts of both, and is the only one that updates.
    # Before step 4 it could not: the branch was gone.
    assert updates == [2, 4] and none == [] and nothing == []
    assert len(kept) == 320 == len(set(kept))
    assert {name.partition("-")[0] for name in kept} == {"rank0", "rank1"}
    assert "exp-a" in failure and "exp-a" in also


def test_one_process_needs_no_torch() -> None:
    ranks = Ranks(keep=2)
    assert ranks.name == "" and ranks.agree(3, lambda since: f"c{since}") == "c0"
    assert ranks.agree(5, lambda since: f"c{since}") == "c2"
    ranks.add(3, [{"rollout": str(number)} for number in range(3)])
    assert [record["rollout"] for record in ranks.records()] == ["1", "2"]


@pytest.mark.skipif("RUBRICSTORE_SKIP_TRAINING" in os.environ, reason="RUBRICSTORE_SKIP_TRAINING")
def test_a_training() -> None:
    """The policy learns, a meta-update commits meanwhile, and the next step is graded by it."""
    output = run("trl", "train.py")
    assert "NOT " not in output and output.count("ok   ") == 11, output
