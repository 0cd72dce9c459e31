"""The reward for OpenRLHF: by itself, as a server, and asked by OpenRLHF's own executor."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from run_example import run

from rubricstore import ArgumentError, Failed, PinnedRubric, Store, UnscorableError, edits
from rubricstore.openrlhf import RewardServer, main, rubric_reward_func
from rubricstore.reward import Rollout

NOTE = """\
schema: rubric/1
id: note
criteria:
  - {id: words, text: Is it written in words?, scale: {numeric: {min: 0, max: 1}}}
  - {id: lively, text: Is it lively?, scale: {numeric: {min: 0, max: 1}}}
"""


@pytest.fixture
def notes(tmp_path: Path) -> Store:
    store = Store.create(tmp_path / "notes")
    store.add(NOTE, because="where the run starts")
    return store


def judge(pin: PinnedRubric, rollouts: Sequence[Rollout]) -> list[dict[str, Any]]:
    if any(rollout.text == "boom" for rollout in rollouts):
        raise RuntimeError("the judge is gone")
    return [
        {
            "words": 1,
            "lively": Failed("no text") if not rollout.text else rollout.text.count("!") / 2,
        }
        for rollout in rollouts
    ]


def test_as_openrlhf_asks(notes: Store) -> None:
    function = rubric_reward_func(notes, "note@main", judge, per_step=2, ends=("</s>",))
    first = notes.pull("note").commit
    answer = function(["about rain: a!</s>"], ["about rain:"], [None])
    assert answer == {
        "rewards": 0.75,
        "scores": 0.75,
        "extra_logs": {"rubric_step": 0.0, "rubric_unscored": 0.0},
        "rubric_commit": first,
    }
    second = notes.commit(edits.reweight("lively", 3)).commit
    assert function(["p!!"], ["p"], ["x"])["rubric_commit"] == first
    answer = function(["p!!", "pa!"], ["p", "p"], [None, None])
    assert answer["rewards"] == [1.0, 0.625] and answer["rubric_commit"] == second
    assert answer["extra_logs"]["rubric_step"] == [1.0, 1.0]


def test_the_response_is_what_follows_the_prompt(notes: Store) -> None:
    seen: list[Rollout] = []

    def looks(pin: PinnedRubric, rollouts: Sequence[Rollout]) -> list[dict[str, Any]]:
        seen.extend(rollouts)
        return judge(pin, rollouts)

    function = rubric_reward_func(notes, notes.pull("note").name, looks, ends=("<e>",))
    queries = ["<s>about rain:text<e>", "about rain:about rain:", "another", "about rain:"]
    for query in queries[:3]:
        function([query], ["about rain:"], ["label"])
    assert [rollout.text for rollout in seen] == ["text", "about rain:", "another"]
    assert seen[0].extra == {"label": "label"}
    with pytest.raises(UnscorableError):
        function([queries[3]], ["about rain:"], [None])


def test_settings_that_openrlhf_cannot_have(notes: Store) -> None:
    with pytest.raises(ArgumentError, match="per_step"):
        rubric_reward_func(notes, "note@main", judge)
    with pytest.raises(ArgumentError, match="None"):
        rubric_reward_func(notes, "note@main", judge, per_step=1, on_unscorable="none")


@pytest.fixture
def server(notes: Store) -> Iterator[RewardServer]:
    function = rubric_reward_func(notes, "note@main", judge, per_step=8)
    with RewardServer(function, port=0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def post(server: RewardServer, body: bytes, path: str = "/get_reward") -> tuple[int, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=30)
    connection.request("POST", path, body)
    response = connection.getresponse()
    answer = json.loads(response.read())
    connection.close()
    return response.status, answer


def asked(*texts: str) -> bytes:
    body = {"query": list(texts), "prompts": [""] * len(texts), "labels": [None] * len(texts)}
    return json.dumps(body).encode()


def test_the_server(server: RewardServer, notes: Store) -> None:
    status, answer = post(server, asked("a!"))
    assert status == 200 and answer["rewards"] == 0.75
    assert answer["rubric_commit"] == notes.pull("note").commit
    assert server.url.startswith("http://127.0.0.1:") and server.url.endswith("/get_reward")
    # As old clients ask, with nothing but the query.
    assert post(server, b'{"query": ["a!", "!!"]}')[1]["rewards"] == [0.75, 1.0]


@pytest.mark.parametrize(
    ("body", "path", "status", "words"),
    [
        (b"no", "/get_reward", 400, "JSON"),
        (b"[]", "/get_reward", 400, "object"),
        (b"\xff", "/get_reward", 400, "JSON"),
        (b"[" * 200_000, "/get_reward", 400, "nested"),
        (b'{"query": "a"}', "/get_reward", 400, "list of texts"),
        (b'{"query": [1]}', "/get_reward", 400, "list of texts"),
        (b'{"query": ["a"], "prompts": ["a", "b"]}', "/get_reward", 400, "2 prompts"),
        (b'{"query": ["a"], "labels": 3}', "/get_reward", 400, "labels"),
        (asked("a"), "/other", 404, "/other"),
        (asked("a", ""), "/get_reward", 422, "judge_error"),
        (asked("boom"), "/get_reward", 500, "the judge is gone"),
    ],
)
def test_what_the_server_refuses(
    server: RewardServer, body: bytes, path: str, status: int, words: str
) -> None:
    found, answer = post(server, body, path)
    assert found == status and words in answer["error"]
    assert post(server, asked("a!"))[0] == 200  # and goes on


@pytest.mark.parametrize("size", ["", "99999999999", "-1", "1_0", "\u00b2", "1" * 5000])
def test_requests_without_a_length(server: RewardServer, size: str) -> None:
    with socket.create_connection(server.server_address[:2], timeout=30) as client:
        head = f"POST /get_reward HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n"
        client.sendall(head.encode("latin-1"))
        answer = everything(client)
    assert answer.startswith(b"HTTP/1.1 400 ") and b"\r\nConnection: close\r\n" in answer
    assert b"Content-Length is" in answer


def everything(client: socket.socket) -> bytes:
    """What comes until the server hangs up."""
    return b"".join(iter(lambda: client.recv(4096), b""))


def test_a_connection_serves_on_after_a_refusal(server: RewardServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=30)
    statuses = []
    for path in ("/other", "/get_reward", "/other", "/get_reward"):
        connection.request("POST", path, asked("a!"))
        response = connection.getresponse()
        response.read()
        statuses.append(response.status)
        assert connection.sock is not None, "the connection was closed"
    connection.close()
    assert statuses == [404, 200, 404, 200]


@pytest.mark.parametrize("sent", ["", "POST /get_reward HTTP/1.1\r\nContent-Length: 9\r\n\r\n{"])
def test_a_client_that_falls_silent_is_left(
    server: RewardServer, monkeypatch: pytest.MonkeyPatch, sent: str
) -> None:
    handler = server.RequestHandlerClass
    assert 0 < (getattr(handler, "timeout", None) or 0) <= 600
    monkeypatch.setattr(handler, "timeout", 0.2)
    with socket.create_connection(server.server_address[:2], timeout=30) as client:
        client.sendall(sent.encode())
        assert everything(client) == b""


def test_many_at_once(server: RewardServer, notes: Store) -> None:
    found: list[tuple[int, Any]] = []
    threads = [
        threading.Thread(target=lambda: found.append(post(server, asked("a!")))) for _ in range(40)
    ]
    for number, thread in enumerate(threads):
        if number == 20:
            notes.commit(edits.reweight("lively", 3))
        thread.start()
    for thread in threads:
        thread.join()
    assert [status for status, _ in found] == [200] * 40
    by_step: dict[float, set[str]] = {}
    for _, answer in found:
        step = answer["extra_logs"]["rubric_step"]
        by_step.setdefault(step, set()).add(answer["rubric_commit"])
    assert sorted(by_step) == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert all(len(commits) == 1 for commits in by_step.values())


def test_the_command_says_what_is_wrong(
    notes: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "judging.py").write_text("def judge(pin, rollouts): return []\n")
    judge = f"{tmp_path}/judging.py:judge"
    for arguments, words in (
        (["--rubric", "essay@main", "--judge", judge], "essay"),
        (["--rubric", "note@main", "--judge", "judge"], "is wanted"),
        (["--rubric", "note@main", "--judge", judge], "per_step"),
    ):
        assert main(["--store", notes.path, "--port", "0", *arguments]) == 2
        assert words in capsys.readouterr().err


def test_openrlhfs_executor() -> None:
    """It asks through a file, and by HTTP a server that runs in a process of its own."""
    output = run("openrlhf", "run.py")
    assert "through a file" in output and "by HTTP" in output
