"""Rubrics as the remote reward of OpenRLHF (OpenRLHF 0.11): a server, and a function in a file.

As a server, which grades for all engines:

.. code-block:: text

   python -m rubricstore.openrlhf --store runs --rubric essay@exp-a --judge judging.py:judge \\
       --per-step 1024 --every 20 --port 5000
   python -m openrlhf.cli.train_ppo_ray … --reward.remote_url http://localhost:5000/get_reward

As a file ``reward.py``, which each engine loads (``--reward.remote_url reward.py``):

>>> from rubricstore.openrlhf import rubric_reward_func
>>> reward_func = rubric_reward_func(                                             # doctest: +SKIP
...     "runs", "essay@exp-a", judge, run="runs/exp-a", per_step=1024, on_unscorable=0.0)

OpenRLHF asks for one rollout at a time and does not say which step it is. ``per_step`` is the
number of rollouts of a step, ``rollout.batch_size`` times ``rollout.n_samples_per_prompt``; that
holds where neither evaluation nor dynamic filtering asks for others in between. Where it does not,
name the rubric by its hash.

OpenRLHF asks again where an answer fails. What failed or was refused is neither counted nor kept,
so that steps stay where they are; an answer that was lost on its way is counted twice, and its
rollout is evidence twice.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from .errors import ArgumentError, RubricStoreError, UnscorableError
from .reward import Judge, Rollout, RubricReward
from .reward.named import configured

if TYPE_CHECKING:
    import os

    from .store import Store

__all__ = ["RewardServer", "rubric_reward_func"]

logger = logging.getLogger("rubricstore.openrlhf")

_LARGEST = 64 << 20  # bytes of a request


def rubric_reward_func(
    store: Store | str | os.PathLike[str],
    rubric: str,
    judge: Judge | str,
    *,
    run: str | os.PathLike[str] | None = None,
    ends: Sequence[str] = (),
    on_unscorable: str | float = "raise",
    **options: Any,
) -> Callable[[Sequence[str], Sequence[str], Sequence[Any]], dict[str, Any]]:
    """Makes the ``reward_func(queries, prompts, labels)`` of a file.

    Parameters
    ----------
    store, rubric, judge
        As in `rubricstore.reward.RubricReward`, which has the other keywords too. The label is in
        `Rollout.extra`.
    run : path, optional
        The folder in which several engines agree (`rubricstore.reward.RunFolder`). One engine, or
        the server, needs none.
    ends : sequence of str
        What a response ends with and is not part of it: ``("<|im_end|>",)``.
    on_unscorable : {"raise"} or float
        OpenRLHF takes numbers only, and stops at a batch in which one is missing.

    Returns
    -------
    callable
        It answers ``{"rewards", "scores", "extra_logs"}``: numbers for one query, as OpenRLHF asks,
        and lists for several; and ``rubric_commit`` beside them.
    """
    reward = _reward(store, rubric, judge, run, on_unscorable, options)

    def reward_func(
        queries: Sequence[str], prompts: Sequence[str], labels: Sequence[Any]
    ) -> dict[str, Any]:
        return _answer(reward, _rollouts(queries, prompts, labels, tuple(ends)))

    reward_func.reward = reward  # type: ignore[attr-defined]
    return reward_func


class RewardServer(ThreadingHTTPServer):
    """Answers ``POST /get_reward``, as OpenRLHF asks.

    Parameters
    ----------
    function : callable
        What `rubric_reward_func` makes.
    host, port
        Where it listens: on this machine only, unless another address is named. Port 0 is any.
    """

    daemon_threads = True
    request_queue_size = 1024

    def __init__(
        self,
        function: Callable[[Any, Any, Any], dict[str, Any]],
        host: str = "127.0.0.1",
        port: int = 5000,
    ) -> None:
        self.function = function
        super().__init__((host, port), _Handler)

    @property
    def url(self) -> str:
        """What ``--reward.remote_url`` is."""
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}/get_reward"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Seconds until a client that sends nothing is left; how long a judge takes does not count.
    timeout = 60
    server: RewardServer

    def do_POST(self) -> None:
        try:
            # Read whatever the path is: the next request of the connection comes after it.
            body = self._body()
            if self.path.rstrip("/") != "/get_reward":
                self._send(404, _error(f"there is no {self.path}; POST to /get_reward"))
                return
            asked = _asked(body)
        except ArgumentError as error:
            self._send(400, _error(error))
            return
        self._send(*self._graded(*asked))

    def _graded(
        self, queries: list[str], prompts: list[str], labels: list[Any]
    ) -> tuple[int, bytes]:
        try:
            return 200, json.dumps(self.server.function(queries, prompts, labels)).encode()
        except UnscorableError as error:
            return 422, _error(error)
        except RubricStoreError as error:
            logger.error("%s", error)
            return 500, _error(error)
        except Exception as error:
            logger.exception("the judge failed")
            return 500, _error(f"{type(error).__name__}: {error}")

    def _body(self) -> bytes:
        size = self.headers.get("Content-Length", "")
        # Of more digits `int` may refuse to read a number.
        is_size = size.isascii() and size.isdigit() and len(size) <= 20
        if not is_size or int(size) > _LARGEST:
            self.close_connection = True  # What follows is not read.
            raise ArgumentError(f"Content-Length is {size[:40]!r}, and at most {_LARGEST} is read")
        return self.rfile.read(int(size))

    def _send(self, status: int, data: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        logger.debug(format, *args)


def _error(error: object) -> bytes:
    return json.dumps({"error": str(error)}).encode()


def _asked(body: bytes) -> tuple[list[str], list[str], list[Any]]:
    try:
        asked = json.loads(body)
    except ValueError as error:
        raise ArgumentError(f"the request is no JSON: {error}") from None
    except RecursionError:
        raise ArgumentError("the request is JSON that is nested too deeply") from None
    if not isinstance(asked, dict):
        raise ArgumentError("the request is no JSON object")
    queries: Any = asked.get("query")
    if not _texts(queries):
        raise ArgumentError("`query` must be a list of texts")
    prompts: Any = asked.get("prompts") or [""] * len(queries)
    labels: Any = asked.get("labels") or [None] * len(queries)
    if not _texts(prompts) or not isinstance(labels, list):
        raise ArgumentError("`prompts` must be a list of texts and `labels` a list")
    if not len(queries) == len(prompts) == len(labels):
        raise ArgumentError(
            f"there are {len(queries)} queries, {len(prompts)} prompts, {len(labels)} labels"
        )
    return queries, prompts, labels


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _reward(
    store: Any,
    rubric: str,
    judge: Any,
    run: Any,
    on_unscorable: str | float,
    options: dict[str, Any],
) -> RubricReward:
    reward = configured("OpenRLHF", store, rubric, judge, run, on_unscorable, options)
    if reward.follows and reward.per_step is None:
        raise ArgumentError(
            f"`{rubric}` is a branch, and OpenRLHF does not say which step it is",
            hint="say with `per_step` how many rollouts are a step, or name a full hash",
        )
    return reward


def _rollouts(
    queries: Sequence[str], prompts: Sequence[str], labels: Sequence[Any], ends: tuple[str, ...]
) -> list[Rollout]:
    """OpenRLHF hands over prompt and response as one text, with the special tokens."""
    made: list[Rollout] = []
    for query, prompt, label in zip(queries, prompts, labels):
        # A tokeniser may have put a token before the prompt; one that changes texts, or a prompt
        # that was cut, is not found again, and the judge reads all of it.
        start = query.find(prompt)
        text = query[start + len(prompt) :] if start >= 0 else query
        for end in ends:
            text = text.removesuffix(end)
        made.append(Rollout(prompt, text, extra={"label": label}))
    return made


def _answer(reward: RubricReward, rollouts: list[Rollout]) -> dict[str, Any]:
    graded = reward.grade(rollouts)
    unscored = [float(not ok) for ok in graded.score.ok.tolist()]
    one = len(rollouts) == 1
    rewards: Any = graded.rewards[0] if one else graded.rewards
    return {
        "rewards": rewards,
        "scores": rewards,
        "extra_logs": {
            "rubric_step": float(graded.step) if one else [float(graded.step)] * len(rollouts),
            "rubric_unscored": unscored[0] if one else unscored,
        },
        "rubric_commit": graded.commit,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """The command ``python -m rubricstore.openrlhf``."""
    parser = argparse.ArgumentParser(
        prog="python -m rubricstore.openrlhf",
        description="Grade rollouts for OpenRLHF by a rubric.",
    )
    parser.add_argument("--store", required=True, help="the repository")
    parser.add_argument("--rubric", required=True, help="RUBRIC@BRANCH or RUBRIC@HASH")
    parser.add_argument("--judge", required=True, help="file.py:name or module:name")
    parser.add_argument("--per-step", type=int, help="how many rollouts are a step")
    parser.add_argument("--every", type=int, help="steps between two meta-updates")
    parser.add_argument("--gold", help="file.py:name of trusted scores")
    parser.add_argument("--evidence", help="append graded rollouts to this file")
    parser.add_argument("--end", action="append", default=[], help="what a response ends with")
    parser.add_argument(
        "--on-unscorable", default="raise", help="`raise`, or the number that stands for a reward"
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5000)
    options = parser.parse_args(arguments)
    logging.basicConfig(format="%(message)s", level=logging.INFO)
    try:
        function = rubric_reward_func(
            options.store,
            options.rubric,
            options.judge,
            per_step=options.per_step,
            every=options.every,
            gold=options.gold,
            evidence=options.evidence,
            ends=options.end,
            on_unscorable=_number(options.on_unscorable),
        )
        server = RewardServer(function, options.host, options.port)
    except (RubricStoreError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"grading at {server.url}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
    return 0


def _number(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text


if __name__ == "__main__":
    sys.exit(main())
