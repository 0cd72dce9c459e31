"""A policy is trained with TRL against a rubric that changes while it trains.

usage: python train.py [--store DIR] [--steps N] [--every N] [--seed N]

The rubric pays for exclamation marks. The policy finds that out; a meta-update, made from the
graded rollouts in the midst of the training, sees it in people's marks and commits; the steps after
it are graded by the new commit. At the end all of that is checked, and the exit status is 1 if it
is not so.
"""

import argparse
import logging
import os
import sys
import tempfile
import warnings
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
warnings.filterwarnings("ignore", category=FutureWarning)  # of the trainer about itself

import tiny
from checks import check
from datasets import Dataset
from judging import judge, marks
from rubricstore import Store
from rubricstore.trl import RubricReward
from transformers import PrinterCallback, set_seed
from trl import GRPOConfig, GRPOTrainer

LENGTH = 24  # characters of a note


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--store", default=None, help="where the rubric is kept")
    parser.add_argument("--steps", type=int, default=14)
    parser.add_argument("--every", type=int, default=6, help="steps between two meta-updates")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    logging.getLogger("rubricstore").setLevel(logging.INFO)
    set_seed(options.seed)

    with tempfile.TemporaryDirectory() as folder:
        store = Store.create(options.store or f"{folder}/store")
        rubric = Path(__file__).with_name("rubric.yaml")
        store.add(rubric, because="where the run starts", author=AUTHOR)
        store.create_branch("exp-a")
        reward = RubricReward(
            store, "note@exp-a", judge, every=options.every, gold=marks, author=AUTHOR
        )
        trainer = train(reward, options, f"{folder}/out")
        report(store, trainer.state.log_history)
        return check(store, reward, trainer.state.log_history, options.every)


AUTHOR = ("Trainer", "trainer@example.org")


def train(reward, options, folder):
    """Trains by GRPO, and answers the trainer."""
    tokenizer = tiny.tokenizer()
    config = GRPOConfig(
        output_dir=folder,
        max_steps=options.steps,
        per_device_train_batch_size=64,
        num_generations=16,
        max_completion_length=LENGTH,
        generation_kwargs={"min_new_tokens": LENGTH},
        learning_rate=8e-3,
        lr_scheduler_type="constant",
        logging_steps=1,
        use_cpu=True,
        bf16=False,
        save_strategy="no",
        report_to=[],
        disable_tqdm=True,
        seed=options.seed,
    )
    trainer = GRPOTrainer(
        model=tiny.model(tokenizer),
        processing_class=tokenizer,
        reward_funcs=reward,
        args=config,
        train_dataset=Dataset.from_dict({"prompt": tiny.PROMPTS * 64}),
        callbacks=[reward.callback()],
    )
    trainer.remove_callback(PrinterCallback)
    trainer.train()
    return trainer


def report(store, log):
    """Shows which step was graded by which commit, and what became of the rubric."""
    print("\nstep  commit        reward  words  lively")
    for entry in log:
        if "rubric_commit" in entry:
            print(
                f"{entry['rubric_step']:4}  {entry['rubric_commit'][:12]}  {entry['reward']:6.3f}"
                f"  {entry['rubric/words']:5.2f}  {entry['rubric/lively']:6.2f}"
            )
    print()
    for entry in store.log("note@exp-a"):
        print(entry)
        for edit in entry.edits:
            print(f"    {edit['op']} {edit.get('id', '')}: {edit['rationale']}")


if __name__ == "__main__":
    sys.exit(main())
