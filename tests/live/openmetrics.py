#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""OpenMetrics, of a URL or a file, as JSON: [NAME, {LABEL: VALUE}, VALUE] a sample.

Read by the client library's own parser, which refuses what is not right.
"""
import json
import sys
import urllib.request

from prometheus_client.openmetrics.parser import text_string_to_metric_families


def read(source):
    """The text, and that it was served as what it is."""
    if not source.startswith("http:"):
        with open(source, encoding="utf-8") as f:
            return f.read()
    with urllib.request.urlopen(source, timeout=20) as reply:
        kind = reply.headers["Content-Type"]
        if not kind.startswith("application/openmetrics-text; version=1.0.0;"):
            sys.exit(f"served as {kind}")
        return reply.read().decode()


print(json.dumps([[s.name, s.labels, s.value]
                  for family in text_string_to_metric_families(read(sys.argv[1]))
                  for s in family.samples]))
