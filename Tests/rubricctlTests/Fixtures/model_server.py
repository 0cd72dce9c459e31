#!/usr/bin/env python3
"""An OpenAI-compatible server on loopback that no model stands behind, for tests of the command line.

It answers POST /v1/chat/completions and GET /v1/models, prints `listening on PORT` once it does, and
ends when its standard input is closed.

  --mode schema      what the request's JSON Schema asks for (see --pick); without a schema, the text "ok"
  --mode scripted    by --script FILE, a JSON list of steps; the first that fits and is not used up
                     answers. A step may have
                       match     a text, or a list of texts that all stand in the request's messages
                       times     how often it is used; always if left out
                       content   what the model says: a text, or any JSON, which is written as text
                       schema    true: as mode schema does, with `pick` as the step says
                       finish    the finish reason, `stop` if left out
                       status, headers, body   another answer of the server altogether
                       delay     seconds to wait before it answers
                     Where no step fits, mode schema answers.
  --mode fail429, fail500, fail401, fail404
                     that status, with `Retry-After: 0` for 429; the first --times requests, or all
  --mode html        a web page with status 200
  --mode text        words instead of JSON
  --mode empty       an empty text
  --mode cut         the first half of what the schema asks for, with the finish reason `length`
  --mode stall       no answer until the client goes away

  --pick first, last or hash   which value of an `enum`, which branch of an `anyOf` and which end of a
                     range: the first, the last, or by a hash of the messages and the place
  --times N          how many requests a failing mode fails; all if left out
  --no-schema        turns requests with a `response_format` of `json_schema` down with status 400
  --models A,B       the names at /v1/models; other names are turned down with status 404
  --key KEY          turns requests without this bearer token down with status 401
  --log FILE         appends a line of JSON a request: path, body, authorized, mode, status, answer
  --control FILE     read at each request where it is there: a JSON object of the options above
                     (`mode`, `pick`, `times`, `script`, `no_schema`), which go before the arguments
"""

import argparse
import hashlib
import http.server
import json
import os
import sys
import threading
import time


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--mode", default="schema")
    parser.add_argument("--script")
    parser.add_argument("--pick", default="first", choices=["first", "last", "hash"])
    parser.add_argument("--times", type=int)
    parser.add_argument("--no-schema", action="store_true")
    parser.add_argument("--models")
    parser.add_argument("--key")
    parser.add_argument("--log")
    parser.add_argument("--control")
    parser.add_argument("--port", type=int, default=0)
    return parser.parse_args()


class Value:
    """A value that a JSON Schema admits."""

    def __init__(self, schema, pick, seed):
        self.root = schema
        self.pick = pick
        self.seed = seed

    def choose(self, place, count):
        if self.pick == "first" or count < 2:
            return 0
        if self.pick == "last":
            return count - 1
        digest = hashlib.sha256(f"{self.seed}\0{place}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % count

    def make(self, schema, place=""):
        if schema is True or schema == {}:
            return None
        if "$ref" in schema:
            target = self.root
            for part in schema["$ref"].removeprefix("#/").split("/"):
                target = target[part.replace("~1", "/").replace("~0", "~")]
            return self.make(target, place)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return schema["enum"][self.choose(place, len(schema["enum"]))]
        for word in ("anyOf", "oneOf"):
            if word in schema:
                branches = schema[word]
                return self.make(branches[self.choose(place, len(branches))], place)
        if "allOf" in schema:
            merged = {}
            for part in schema["allOf"]:
                merged.update(part)
            return self.make(merged, place)
        kind = schema.get("type", "object" if "properties" in schema else "null")
        if isinstance(kind, list):
            kind = kind[0]
        return getattr(self, "make_" + kind)(schema, place)

    def make_object(self, schema, place):
        properties = schema.get("properties", {})
        return {
            key: self.make(properties.get(key, {"type": "string"}), f"{place}/{key}")
            for key in schema.get("required", properties)
        }

    def make_array(self, schema, place):
        count = schema.get("minItems", 0)
        if self.pick != "first" and schema.get("maxItems", 1) > count:
            count += 1
        return [self.make(schema.get("items", {}), f"{place}/{index}") for index in range(count)]

    def make_string(self, schema, place):
        shortest = schema.get("minLength", 0)
        longest = schema.get("maxLength", 1 << 20)
        words = "as the schema asks"
        return (words + " " * max(0, shortest - len(words)))[: max(shortest, min(longest, len(words)))]

    def make_number(self, schema, place):
        low = schema.get("minimum", 0)
        high = schema.get("maximum", low)
        if self.pick == "hash" and high > low:
            step = schema.get("multipleOf", (high - low) / 4)
            return low + step * self.choose(place, int((high - low) / step + 1e-9) + 1)
        return low if self.pick == "first" else high

    def make_integer(self, schema, place):
        low = schema.get("minimum", 0)
        high = schema.get("maximum", low)
        step = int(schema.get("multipleOf", 1))
        return int(low + step * self.choose(place, int((high - low) // step) + 1))

    def make_boolean(self, schema, place):
        return bool(self.choose(place, 2))

    def make_null(self, schema, place):
        return None


class Behaviour:
    """What the server does, request by request."""

    def __init__(self, options):
        self.options = options
        self.lock = threading.Lock()
        self.failed = 0
        self.used = {}
        self.script = []
        if options.script:
            with open(options.script, encoding="utf-8") as file:
                self.script = json.load(file)

    def settings(self):
        settings = dict(vars(self.options))
        settings["script"] = self.script
        try:
            if self.options.control:
                with open(self.options.control, encoding="utf-8") as file:
                    settings.update(json.load(file))
        except FileNotFoundError:
            pass
        return settings

    def step(self, settings, text):
        for index, step in enumerate(settings["script"]):
            match = step.get("match", [])
            parts = [match] if isinstance(match, str) else match
            if not all(part in text for part in parts):
                continue
            with self.lock:
                key = (index, json.dumps(step, sort_keys=True))
                if self.used.get(key, 0) >= step.get("times", 1 << 60):
                    continue
                self.used[key] = self.used.get(key, 0) + 1
            return step
        return None

    def fails(self, settings):
        with self.lock:
            if settings["times"] is not None and self.failed >= settings["times"]:
                return False
            self.failed += 1
            return True

    def answer(self, request):
        """Returns status, headers, body, delay and mode."""
        settings = self.settings()
        mode = settings["mode"]
        text = "\n".join(str(message.get("content")) for message in request.get("messages", []))
        form = request.get("response_format") or {}
        if settings["no_schema"] and form.get("type") == "json_schema":
            return self.error(400, "response_format json_schema is not supported", mode)
        if settings["models"] and request.get("model") not in settings["models"].split(","):
            return self.error(404, f"the model `{request.get('model')}` does not exist", mode)
        step = self.step(settings, text) if mode == "scripted" else None
        if step is not None:
            delay = step.get("delay", 0)
            if "status" in step or "body" in step:
                body = step.get("body", "")
                body = body if isinstance(body, str) else json.dumps(body)
                headers = {"Content-Type": "application/json", **step.get("headers", {})}
                return step.get("status", 200), headers, body, delay, mode
            if step.get("schema"):
                content = self.by_schema(request, text, step.get("pick", settings["pick"]))
            else:
                content = step.get("content", "")
                content = content if isinstance(content, str) else json.dumps(content)
            return (*self.reply(request, text, content, step.get("finish", "stop")), delay, mode)
        if mode.startswith("fail") and self.fails(settings):
            status = int(mode.removeprefix("fail"))
            return self.error(status, f"this server fails with {status}", mode)
        if mode == "html":
            page = "<!DOCTYPE html><html><body><h1>It works!</h1></body></html>"
            return 200, {"Content-Type": "text/html"}, page, 0, mode
        if mode == "text":
            return (*self.reply(request, text, "I would say it is rather good."), 0, mode)
        if mode == "empty":
            return (*self.reply(request, text, ""), 0, mode)
        content = self.by_schema(request, text, settings["pick"])
        if mode == "cut":
            half = content[: len(content) // 2]
            return (*self.reply(request, text, half, "length"), 0, mode)
        return (*self.reply(request, text, content), 3600 if mode == "stall" else 0, mode)

    @staticmethod
    def by_schema(request, text, pick):
        form = request.get("response_format") or {}
        schema = (form.get("json_schema") or {}).get("schema")
        if schema is None:
            return "ok"
        return json.dumps(Value(schema, pick, text).make(schema), ensure_ascii=False)

    @staticmethod
    def reply(request, text, content, finish="stop"):
        prompt, completion = len(text) // 4 + 1, len(content) // 4 + 1
        body = {
            "id": "chatcmpl-0",
            "object": "chat.completion",
            "created": 0,
            "model": request.get("model"),
            "choices": [
                {
                    "index": 0,
                    "message": {"role": "assistant", "content": content},
                    "finish_reason": finish,
                }
            ],
            "usage": {
                "prompt_tokens": prompt,
                "completion_tokens": completion,
                "total_tokens": prompt + completion,
            },
        }
        return 200, {"Content-Type": "application/json"}, json.dumps(body)

    @staticmethod
    def error(status, message, mode):
        headers = {"Content-Type": "application/json"}
        if status == 429:
            headers["Retry-After"] = "0"
        body = json.dumps({"error": {"message": message, "type": "error", "code": None}})
        return status, headers, body, 0, mode


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    behaviour = None
    options = None
    log_lock = threading.Lock()

    def log_message(self, *_):
        pass

    def do_GET(self):
        if self.path != "/v1/models":
            return self.send(404, {}, "")
        names = (self.options.models or "test-model").split(",")
        listed = {"object": "list", "data": [{"id": name, "object": "model"} for name in names]}
        self.send(200, {"Content-Type": "application/json"}, json.dumps(listed))

    def do_POST(self):
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        is_authorized = self.options.key is None or (
            self.headers.get("Authorization") == f"Bearer {self.options.key}"
        )
        try:
            request = json.loads(raw)
        except ValueError:
            request = None
        if self.path != "/v1/chat/completions":
            status, headers, body, delay, mode = Behaviour.error(404, "no such path", "path")
        elif not isinstance(request, dict):
            status, headers, body, delay, mode = Behaviour.error(400, "no JSON object", "body")
        elif not is_authorized:
            status, headers, body, delay, mode = Behaviour.error(401, "invalid key", "key")
        else:
            status, headers, body, delay, mode = self.behaviour.answer(request)
        if self.options.log:
            entry = {
                "path": self.path,
                "body": request,
                "authorized": "Authorization" in self.headers,
                "mode": mode,
                "status": status,
                "answer": body,
            }
            with self.log_lock, open(self.options.log, "a", encoding="utf-8") as file:
                file.write(json.dumps(entry, ensure_ascii=False) + "\n")
        time.sleep(delay)
        self.send(status, headers, body)

    def send(self, status, headers, body):
        data = body.encode()
        try:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def main():
    options = arguments()
    Handler.options = options
    Handler.behaviour = Behaviour(options)
    server = Server(("127.0.0.1", options.port), Handler)
    print(f"listening on {server.server_address[1]}", flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    while os.read(sys.stdin.fileno(), 4096):
        pass


if __name__ == "__main__":
    main()
