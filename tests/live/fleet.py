#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Questions to a running Prometheus.

    fleet.py URL query EXPR          its samples, as JSON
    fleet.py URL dashboard FILE      evaluates every query of a dashboard
"""
import json
import sys
import urllib.parse
import urllib.request

# What the dashboard's variables stand for.
VARIABLES = {"$instance": ".*", "$dev": ".*", "$__rate_interval": "10s"}
UNITS = {"percentunit", "pps", "s", "ops", "short"}


def ask(url, path, **parameters):
    question = f"{url}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
    with urllib.request.urlopen(question, timeout=20) as reply:
        answer = json.load(reply)
    if answer["status"] != "success" or answer.get("warnings"):
        sys.exit(f"{parameters}: {answer}")
    return answer["data"]


def query(url, expr):
    return [[s["metric"], float(s["value"][1])]
            for s in ask(url, "query", query=expr)["result"]]


def expand(expr):
    for name, value in VARIABLES.items():
        expr = expr.replace(name, value)
    if "$" in expr:
        sys.exit(f"a variable that is not known: {expr}")
    return expr


def check_panel(panel, places):
    """The members that Grafana needs, and no panel upon another."""
    at = panel["gridPos"]
    cells = {(x, y) for x in range(at["x"], at["x"] + at["w"])
             for y in range(at["y"], at["y"] + at["h"])}
    if at["x"] + at["w"] > 24 or cells & places:
        sys.exit(f"{panel['title']} has no place")
    places |= cells
    assert panel["type"] == "timeseries" and panel["title"] and panel["description"]
    assert panel["fieldConfig"]["defaults"]["unit"] in UNITS, panel["title"]
    assert panel["datasource"]["uid"] == "${source}"
    refs = [t["refId"] for t in panel["targets"]]
    assert refs and len(set(refs)) == len(refs)
    assert all(t["expr"] and t["legendFormat"] for t in panel["targets"])


def dashboard(url, path):
    """Prints the titles of panels without any sample, a line each."""
    with open(path, encoding="utf-8") as f:
        board = json.load(f)
    assert board["uid"] and board["title"] and board["schemaVersion"] >= 30
    names = [v["name"] for v in board["templating"]["list"]]
    assert names == ["source", "instance", "dev"], names
    ids = [p["id"] for p in board["panels"]]
    assert len(set(ids)) == len(ids) >= 10
    places = set()
    for panel in board["panels"]:
        check_panel(panel, places)
        if not any(query(url, expand(t["expr"])) for t in panel["targets"]):
            print(panel["title"])


if sys.argv[2] == "query":
    print(json.dumps(query(sys.argv[1], sys.argv[3])))
else:
    dashboard(sys.argv[1], sys.argv[3])
