"""verifiers' own judge reads a rubric from a file, and a task of its own is rewarded by one.

usage: python run.py

The policy and the judge's model are made up: a reply that is written down, and a local server that
speaks OpenAI's protocol. The task, its scoring, the judge, its prompt and its parsing are
verifiers'.
"""

import asyncio
import json
import os
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HERE = Path(__file__).resolve().parent

import verifiers.v1 as vf
from rubricstore import Store
from rubricstore.verifiers import write_judge
from verifiers.v1.configs.agent import AgentConfig
from verifiers.v1.graph import MessageNode
from verifiers.v1.trace import AgentInfo, TraceTask
from verifiers.v1.types import AssistantMessage, UserMessage

AUTHOR = ("Trainer", "trainer@example.org")
REPLY = "It rains because warm air rises and cools."
# What the judge's model answers, by the names of the criteria; and the same on the rubric's scales.
ANSWERS = {"question": "yes", "clarity": "mixed", "wording": "3", "padding": "no"}
VERDICTS = {"question": 1, "clarity": 1, "wording": 3, "padding": 0}


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        store = Store.create(f"{folder}/store")
        store.add(HERE / "rubric.yaml", because="where the run starts", author=AUTHOR)
        pin = store.pull("answer@main")
        print(f"RubricJudge reads {pin.name[:19]}")
        for suffix in ("json", "toml"):
            by_verifiers(pin, f"{folder}/answer.{suffix}")
        print("a reward of a task")
        by_reward(store, pin)
    return 0


def by_verifiers(pin, path):
    """The same verdicts earn the same, by verifiers and by the library."""
    judge = write_judge(pin, path)
    with Model() as model:
        config = {**judge.config, "base_url": model.url, "api_key_var": "NO_KEY", "model": "judge"}
        scored = score(vf.TaskConfig.model_validate({"judges": [config]}))
    expected = float(pin.score(VERDICTS))
    assert abs(scored.reward - expected) < 1e-12, (scored.reward, expected)
    assert scored.metrics["answer/wording"] == 3 / 4, scored.metrics
    assert "Read the whole answer" in model.prompts[0]
    assert "The claim comes first." in model.prompts[0] and REPLY in model.prompts[0]
    print(f"  {os.path.basename(path)}: {scored.reward:.4f}, the library says {expected:.4f}")


def by_reward(store, pin):
    """A function plugged into the task: any rubric, any judge."""
    os.environ["RUBRIC_STORE"] = store.path
    os.environ["RUBRIC"] = pin.name
    plugged = {"rewards": {"answer": {"fn": f"{HERE / 'rewards.py'}:answer"}}}
    scored = score(vf.TaskConfig.model_validate(plugged))
    stamp = scored.info["rubric"]
    assert store.verify_stamp(stamp), "the reward can be checked later"
    assert scored.reward == stamp["reward"] == float(pin.score(stamp["verdicts"]))
    print(f"  {scored.reward:.4f} by {stamp['commit'][:12]}, {stamp['verdicts']}")


def score(config):
    """verifiers scores a trace of one question and one reply."""
    data = vf.TaskData(prompt="Why does it rain?")
    task = vf.Task(data, config)
    trace = vf.Trace(task=TraceTask(type="Task", data=data), agent=AgentInfo(config=AgentConfig()))
    trace.nodes = [
        MessageNode(message=UserMessage(content=data.prompt)),
        MessageNode(message=AssistantMessage(content=REPLY), parent=0, sampled=True),
    ]
    asyncio.run(task.score(trace))
    return trace


class Model(ThreadingHTTPServer):
    """A model that gives the verdicts of `ANSWERS`."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.prompts = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}/v1"

    def __enter__(self):
        os.environ["NO_KEY"] = "none"
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.prompts.append(asked["messages"][0]["content"])
        verdicts = [
            {"name": name, "reason": "It says so.", "verdict": verdict}
            for name, verdict in ANSWERS.items()
        ]
        message = {"role": "assistant", "content": json.dumps({"verdicts": verdicts})}
        answer = {
            "id": "1",
            "object": "chat.completion",
            "created": 0,
            "model": asked["model"],
            "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
        }
        data = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    sys.exit(main())
