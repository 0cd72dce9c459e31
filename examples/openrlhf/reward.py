"""The file for `--reward.remote_url reward.py`. Each engine of OpenRLHF loads it."""

import os
from pathlib import Path

from rubricstore.openrlhf import rubric_reward_func

reward_func = rubric_reward_func(
    os.environ["RUBRIC_STORE"],  # the repository
    "note@main",
    f"{Path(__file__).resolve().parent}/../trl/judging.py:judge",
    run=os.environ["RUBRIC_RUN"],  # where the engines agree
    per_step=4,  # rollout.batch_size × rollout.n_samples_per_prompt
    ends=["<end>"],
)
