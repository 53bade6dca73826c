#!/usr/bin/env python3
"""mlflow.py PORT-FILE [MISTAKE]: the part of MLflow's REST API 2.0 that an export speaks, on loopback.

It refuses what the real server refuses: bounds of requests, names, parameters that change. GET /state tells what it
has, and how often it was asked for what. MISTAKE makes it fail as servers do:

  html        it answers with a page, as a proxy does that wants a password
  denied      it refuses access with 401
  full        it answers 500 with a message to every log-batch
  busy        it answers 429 to the first of each request
  drop        it makes the third run and closes the connection without a word, and is well afterwards
  redirect    it leads elsewhere
  endless     it gives the same page of runs again and again
"""
import json
import os
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Timer

mistake = sys.argv[2] if len(sys.argv) > 2 else ""
state = {"experiments": {}, "runs": {}, "asked": {}, "authorization": []}
lock = Lock()
NAME = re.compile(r"[/\w.\- :]{1,250}")
PAGE = 3


class Refusal(Exception):
    def __init__(self, status, code, message):
        self.status, self.document = status, {"error_code": code, "message": message}


def invalid(message):
    return Refusal(400, "INVALID_PARAMETER_VALUE", message)


def run_of(body):
    try:
        return state["runs"][body["run_id"]]
    except KeyError:
        raise Refusal(404, "RESOURCE_DOES_NOT_EXIST", f"no run {body.get('run_id')}") from None


def create_experiment(body):
    if body["name"] in state["experiments"]:
        raise Refusal(400, "RESOURCE_ALREADY_EXISTS", "it is there")
    state["experiments"][body["name"]] = str(len(state["experiments"]) + 1)
    return {"experiment_id": state["experiments"][body["name"]]}


def create_run(body):
    if body["experiment_id"] not in state["experiments"].values():
        raise Refusal(404, "RESOURCE_DOES_NOT_EXIST", "no such experiment")
    number = f"{len(state['runs']):032x}"
    state["runs"][number] = {
        "name": body["run_name"], "experiment": body["experiment_id"], "status": "RUNNING",
        "start": body.get("start_time"), "end": None, "params": {}, "metrics": {},
        "tags": {tag["key"]: tag["value"] for tag in body["tags"]},
    }
    return {"run": {"info": {"run_id": number}}}


def log_batch(body):
    params, metrics = body.get("params", []), body.get("metrics", [])
    if len(params) > 100 or len(metrics) > 1000 or len(params) + len(metrics) > 1000:
        raise invalid(f"a batch of {len(params)} params and {len(metrics)} metrics")
    run = run_of(body)
    for each in params + metrics:
        if not NAME.fullmatch(each["key"]):
            raise invalid(f"the name {each['key']!r}")
    for each in params:
        if len(each["value"]) > 6000:
            raise invalid("a value that is too long")
        if run["params"].setdefault(each["key"], each["value"]) != each["value"]:
            raise invalid(f"changing param {each['key']}")
    for each in metrics:
        points = run["metrics"].setdefault(each["key"], [])
        point = [each["value"], each["timestamp"], each["step"]]
        if point not in points:
            points.append(point)
    return {}


def update_run(body):
    run_of(body).update(status=body["status"], end=body.get("end_time"))
    return {}


def search(body):
    if body["filter"] != "tags.`bitlaw.key` != ''":
        raise invalid(f"filter {body['filter']}")
    found = [
        {
            "info": {"run_id": number, "status": run["status"]},
            "data": {"tags": [{"key": key, "value": value} for key, value in run["tags"].items()]},
        }
        for number, run in state["runs"].items()
        if run["experiment"] in body["experiment_ids"] and "bitlaw.key" in run["tags"]
    ]
    start = int(body.get("page_token") or 0)
    answer = {"runs": found[start:start + PAGE]}
    if mistake == "endless":
        answer["next_page_token"] = "1"
    elif start + PAGE < len(found):
        answer["next_page_token"] = str(start + PAGE)
    return answer


CALLS = {
    "experiments/create": create_experiment, "runs/create": create_run, "runs/log-batch": log_batch,
    "runs/update": update_run, "runs/search": search,
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        pass

    def answer(self, status, document, kind="application/json", **headers):
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def fails(self, call):
        """Whether it answered as the mistake says."""
        with lock:
            count = state["asked"][call] = state["asked"].get(call, 0) + 1
            proof = self.headers["Authorization"]
            if proof and proof not in state["authorization"]:
                state["authorization"].append(proof)
        if mistake == "html":
            self.answer(200, b"<html>Sign in, please</html>", "text/html")
        elif mistake == "denied":
            self.answer(401, {"error_code": "UNAUTHENTICATED", "message": "who \x1b[2Jare you?"})
        elif mistake == "full" and call == "runs/log-batch":
            self.answer(500, {"error_code": "INTERNAL_ERROR", "message": "the database is full"})
        elif mistake == "busy" and count == 1:
            self.answer(429, {"error_code": "RESOURCE_EXHAUSTED", "message": "slower"})
        elif mistake == "redirect":
            self.answer(302, {}, Location="http://127.0.0.1:1/elsewhere")
        else:
            return False
        return True

    def do_GET(self):
        if self.path == "/state":
            with lock:
                return self.answer(200, state)
        call, _, name = self.path.partition("?experiment_name=")
        if call != "/api/2.0/mlflow/experiments/get-by-name":
            return self.answer(404, b"<html>nothing here</html>", "text/html")
        if self.fails("experiments/get-by-name"):
            return None
        with lock:
            number = state["experiments"].get(name)
        if number is None:
            return self.answer(404, {"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "no experiment"})
        return self.answer(200, {"experiment": {"experiment_id": number, "name": name}})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        call = self.path.removeprefix("/api/2.0/mlflow/")
        if self.headers["Content-Type"] != "application/json" or call not in CALLS:
            return self.answer(404, b"<html>nothing here</html>", "text/html")
        if self.fails(call):
            return None
        with lock:
            try:
                document = CALLS[call](json.loads(body))
                if mistake == "drop" and call == "runs/create" and state["asked"][call] == 3:
                    self.close_connection = True
                    return self.connection.close()
            except Refusal as refusal:
                return self.answer(refusal.status, refusal.document)
        return self.answer(200, document)


Timer(300, lambda: os._exit(0)).start()  # where nobody ends it
server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open(sys.argv[1] + ".draft", "w") as file:
    file.write(str(server.server_address[1]))
os.rename(sys.argv[1] + ".draft", sys.argv[1])
server.serve_forever()
