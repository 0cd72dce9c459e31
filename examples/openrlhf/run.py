"""OpenRLHF's own executor asks a rubric for rewards: by HTTP, and through a file.

usage: python run.py

What is not run is the training around it, which needs GPUs and vLLM. The engine that would write
the responses is made up; prompt, tokeniser, the call and what becomes of the answer are OpenRLHF's.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

HERE = Path(__file__).resolve().parent
os.environ.setdefault("HF_HUB_OFFLINE", "1")

from openrlhf.utils.agent import SingleTurnAgentExecutor
from rubricstore import Store, edits
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

AUTHOR = ("Trainer", "trainer@example.org")
PROMPT = "about rain:"
RESPONSES = ["rain!", "a quiet rain", "!!!!", "rain on rain"]  # a step of four rollouts
# Letters, and exclamation marks, as shares of the text: what the judge counts.
WORDS = [4 / 5, 10 / 12, 0, 10 / 12]
LIVELY = [1 / 5, 0, 1, 0]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        store = Store.create(f"{folder}/store")
        store.add(HERE / "../trl/rubric.yaml", because="where the run starts", author=AUTHOR)
        print("through a file")
        os.environ["RUBRIC_STORE"] = f"{folder}/store"
        os.environ["RUBRIC_RUN"] = f"{folder}/run"
        two_steps(SingleTurnAgentExecutor(str(HERE / "reward.py")), store, weight=0.75)
        print("by HTTP")
        with server(folder) as url:
            two_steps(SingleTurnAgentExecutor(url), store, weight=0.375)
    return 0


def two_steps(executor, store, weight):
    """The rubric changes between the steps."""
    graded = []
    for _ in range(2):
        pin = store.pull("note@main")
        answers = asyncio.run(step(executor))
        rewards = [answer["reward"] for answer in answers]
        assert rewards == [answer["scores"] for answer in answers]
        expected = [
            float(pin.score({"words": words, "lively": lively}))
            for words, lively in zip(WORDS, LIVELY)
        ]
        assert rewards == expected, (rewards, expected)
        print(f"  {pin.commit[:12]} {[round(reward, 3) for reward in rewards]}")
        graded.append(rewards)
        edit = edits.reweight("lively", weight, because="it is gamed")
        if pin.rubric["lively"].weight != weight:
            store.commit(edit, rubric="note", author=AUTHOR)
    assert graded[0] != graded[1], "the second step is graded by the new commit"


async def step(executor):
    """What OpenRLHF does for each rollout of a step, all at once."""
    tokenizer = made_tokenizer()
    return await asyncio.gather(
        *(
            executor.execute(
                prompt=PROMPT,
                label=None,
                sampling_params=SimpleNamespace(max_tokens=32, logprobs=None),
                max_length=128,
                hf_tokenizer=tokenizer,
                llm_engine=Engine(tokenizer, response),
            )
            for response in RESPONSES
        )
    )


class Engine:
    """In the place of vLLM: it writes what it is told."""

    def __init__(self, tokenizer, response):
        self.tokens = tokenizer(response)["input_ids"] + [tokenizer.eos_token_id]

    async def generate(self, prompt_tokens, sampling_params, multi_modal_data=None):
        output = SimpleNamespace(token_ids=self.tokens, finish_reason="stop", logprobs=None)
        return SimpleNamespace(outputs=[output])


class server:
    """`python -m rubricstore.openrlhf`, in a process of its own."""

    def __init__(self, folder):
        self.command = [
            *(sys.executable, "-m", "rubricstore.openrlhf", "--store", f"{folder}/store"),
            *("--rubric", "note@main", "--judge", f"{HERE / '../trl/judging.py'}:judge"),
            *("--per-step", "4", "--end", "<end>", "--port", "0"),
        ]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        assert line.startswith("grading at "), line
        return line.split()[-1]

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


def made_tokenizer():
    """One token a character."""
    vocabulary = {"<pad>": 0, "<end>": 1}
    for character in "abcdefghijklmnopqrstuvwxyz .:!":
        vocabulary[character] = len(vocabulary)
    made = Tokenizer(models.WordLevel(vocabulary, unk_token="<pad>"))
    made.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    made.decoder = decoders.Fuse()
    return PreTrainedTokenizerFast(tokenizer_object=made, pad_token="<pad>", eos_token="<end>")


if __name__ == "__main__":
    sys.exit(main())
