"""verl's own reward loop asks a rubric for rewards: its configuration, its workers, its managers.

usage: python run.py

What is not run is the training around it, which needs GPUs. Here the rollouts are made up; the way
from verl's configuration to the tensor of rewards is verl's.
"""

import os
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import numpy
import ray
import torch
import verl
from hydra import compose, initialize_config_dir
from rubricstore import Store, edits
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast
from verl import DataProto
from verl.experimental.reward_loop.reward_loop import RewardLoopManager, migrate_legacy_reward_impl
from verl.trainer.ppo.reward import load_reward_manager

AUTHOR = ("Trainer", "trainer@example.org")
RESPONSES = ["rain!", "a quiet rain", "!!!!", "rain on rain"]
# Letters, and exclamation marks, as shares of the text: what the judge counts.
WORDS = [4 / 5, 10 / 12, 0, 10 / 12]
LIVELY = [1 / 5, 0, 1, 0]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        store = Store.create(f"{folder}/store")
        store.add(HERE / "../trl/rubric.yaml", because="where the run starts", author=AUTHOR)
        tokenizer = made_tokenizer(f"{folder}/model")
        config = configuration(folder)
        print("one at a time, through verl's reward manager")
        one_by_one(config, tokenizer, store)
        print("all at once, in verl's reward workers")
        in_workers(config, tokenizer, store)
        print("a batch, through verl's manager `batch`")
        as_batch(folder, tokenizer, store)
        for name in sorted(os.listdir(f"{folder}/run/steps")):
            commit = Path(f"{folder}/run/steps/{name}").read_text().strip()
            print(f"  step {int(name)} was graded by {commit[:12]}")
    return 0


def configuration(folder):
    """verl's configuration, with what a user types."""
    typed = (HERE / "overrides").read_text().format(folder=folder, judge=HERE / "../trl/judging.py")
    with initialize_config_dir(
        f"{os.path.dirname(verl.__file__)}/trainer/config", version_base=None
    ):
        config = compose("ppo_trainer", overrides=typed.split())
    return migrate_legacy_reward_impl(config)


def one_by_one(config, tokenizer, store):
    manager = load_reward_manager(config, tokenizer)
    print(f"  {type(manager).__name__}")
    data = rollouts(tokenizer, step=1)
    first = store.pull("note@main")
    for row in range(len(data)):
        answer = manager.loop.run_until_complete(manager.run_single(data[row : row + 1]))
        assert answer["reward_extra_info"]["rubric_commit"] == first.commit, answer
        assert answer["reward_score"] == expected(first)[row], answer


def in_workers(config, tokenizer, store):
    """Two processes; the rubric changes between two steps."""
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        loop = RewardLoopManager(config)
        graded = []
        for step, weight in ((2, 0.75), (3, 0.5)):
            answer = loop.compute_rm_score(rollouts(tokenizer, step))
            commits = set(answer.non_tensor_batch["rubric_commit"])
            assert len(commits) == 1, "a step is graded by one commit"
            pin = store.pull(f"note@{commits.pop()}")
            rewards = answer.batch["rm_scores"].sum(dim=1).tolist()
            assert numpy.allclose(rewards, expected(pin)), (rewards, expected(pin))
            print(f"  step {step}: {pin.commit[:12]} {[round(value, 3) for value in rewards]}")
            graded.append(pin.commit)
            edit = edits.reweight("lively", weight, because="it is gamed")
            store.commit(edit, rubric="note", author=AUTHOR)
        assert graded[0] != graded[1], "the second step is graded by the new commit"
    finally:
        ray.shutdown()


def as_batch(folder, tokenizer, store):
    """The manager of `verl.workers`, which hands a whole batch over."""
    from functools import partial

    from rubricstore.verl import compute_score_batch
    from verl.workers.reward_manager import get_reward_manager_cls

    pin = store.pull("note@main")
    function = partial(
        compute_score_batch,
        store=f"{folder}/store",
        rubric=pin.name,  # a full hash: nothing is followed
        judge=f"{HERE / '../trl/judging.py'}:judge",
    )
    manager = get_reward_manager_cls("batch")(tokenizer, 0, function)
    answer = manager(rollouts(tokenizer, step=4), return_dict=True)
    rewards = answer["reward_tensor"].sum(dim=1).tolist()
    assert numpy.allclose(rewards, expected(pin)), rewards
    assert set(answer["reward_extra_info"]["rubric_commit"]) == {pin.commit}
    print(f"  {pin.commit[:12]} {[round(value, 3) for value in rewards]}")


def expected(pin):
    """What the rubric itself says."""
    return pin.score_batch(numpy.column_stack([WORDS, LIVELY])).rewards.tolist()


def rollouts(tokenizer, step):
    """What verl's agent loop hands to its reward workers."""
    prompts = tokenizer(["about rain:"] * len(RESPONSES), return_tensors="pt")
    responses = tokenizer(RESPONSES, return_tensors="pt", padding=True, padding_side="right")
    mask = torch.cat([prompts["attention_mask"], responses["attention_mask"]], dim=1)
    return DataProto.from_dict(
        tensors={
            "prompts": prompts["input_ids"],
            "responses": responses["input_ids"],
            "attention_mask": mask,
        },
        non_tensors={
            "data_source": objects(["notes"] * len(RESPONSES)),
            "reward_model": objects([{"ground_truth": None}] * len(RESPONSES)),
            "extra_info": objects([{} for _ in RESPONSES]),
            "raw_prompt": objects([[{"role": "user", "content": "about rain:"}]] * len(RESPONSES)),
            "global_steps": numpy.array([step] * len(RESPONSES)),
        },
    )


def objects(values):
    array = numpy.empty(len(values), dtype=object)
    array[:] = values
    return array


def made_tokenizer(folder):
    """One token a character, saved where verl looks for the model's tokeniser."""
    vocabulary = {"<pad>": 0, "<end>": 1}
    for character in "abcdefghijklmnopqrstuvwxyz .:!":
        vocabulary[character] = len(vocabulary)
    made = Tokenizer(models.WordLevel(vocabulary, unk_token="<pad>"))
    made.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    made.decoder = decoders.Fuse()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=made, pad_token="<pad>", eos_token="<end>", padding_side="left"
    )
    tokenizer.save_pretrained(folder)
    return tokenizer


if __name__ == "__main__":
    sys.exit(main())
