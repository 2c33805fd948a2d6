#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The Grafana dashboard, as JSON: dashboard.json is what this prints.

A panel is a title, a unit, what one reads from it, and its queries.
"""
import json

INSTANCE = '{instance=~"$instance"}'
DEVICE = '{instance=~"$instance",dev=~"$dev"}'
RATE = "[$__rate_interval]"

# Title, unit, description, width of 24, [(query, legend)].
PANELS = [
    ("Busiest core in NET_RX", "percentunit",
     "Of each machine the core that receives most: above 80 % it is full, "
     "whatever the others do.", 12,
     [(f"max by (instance) (rate(napiscope_cpu_net_rx_seconds_total{INSTANCE}{RATE}))",
       "{{instance}}")]),
    ("NET_RX by core", "percentunit",
     "One high and the others idle: look at which NAPIs it polls.", 12,
     [(f"rate(napiscope_cpu_net_rx_seconds_total{INSTANCE}{RATE})",
       "{{instance}} CPU {{cpu}}")]),
    ("Work by device", "pps",
     "What its polls returned: packets, for most drivers.", 12,
     [(f"rate(napiscope_dev_work_total{DEVICE}{RATE})", "{{instance}} {{dev}}")]),
    ("Cost of a packet", "s",
     "Time in poll functions by the work that they returned.", 12,
     [(f"rate(napiscope_dev_poll_seconds_total{DEVICE}{RATE}) / "
       f"(rate(napiscope_dev_work_total{DEVICE}{RATE}) > 0)",
       "{{instance}} {{dev}}")]),
    ("Squeezes that left work", "ops",
     "net_rx_action left its loop early with work to do.  The others are "
     "harmless.", 8,
     [(f"sum by (instance) (rate(napiscope_cpu_squeeze_work_left_total{INSTANCE}{RATE}))",
       "{{instance}}")]),
    ("Squeezes by kind", "ops",
     "budget: netdev_budget was spent.  time: netdev_budget_usecs was over.", 8,
     [(f"sum by (instance) (rate(napiscope_cpu_squeeze_{kind}_total{INSTANCE}{RATE}))",
       "{{instance}} " + kind) for kind in ("budget", "time", "both")]),
    ("Packets lost", "pps",
     "For want of a descriptor, and in a full backlog.", 8,
     [(f"rate(napiscope_dev_rx_missed_total{DEVICE}{RATE})",
       "{{instance}} {{dev}} ring"),
      (f"sum by (instance) (rate(napiscope_cpu_softnet_dropped_total{INSTANCE}{RATE}))",
       "{{instance}} backlog")]),
    ("Raise to entry of NET_RX, p99", "s",
     "Milliseconds: something holds the CPU, or ksoftirqd waits for its turn.", 12,
     [(f"histogram_quantile(0.99, sum by (instance, le) "
       f"(rate(napiscope_cpu_hist_raise_seconds_bucket{INSTANCE}{RATE})))",
       "{{instance}}")]),
    ("Schedule to poll, p99", "s",
     "Measured in the fentry and kprobe tiers.", 12,
     [(f"histogram_quantile(0.99, sum by (instance, dev, le) "
       f"(rate(napiscope_dev_hist_sched_seconds_bucket{DEVICE}{RATE})))",
       "{{instance}} {{dev}}")]),
    ("Work of a poll", "short",
     "Mean.  64: it lives in poll mode.  1: an interrupt a packet.", 8,
     [(f"rate(napiscope_dev_work_total{DEVICE}{RATE}) / "
       f"(rate(napiscope_dev_polls_total{DEVICE}{RATE}) > 0)",
       "{{instance}} {{dev}}")]),
    ("Where polls run", "ops",
     "%si shows neither threads nor busy pollers.", 8,
     [(f"sum by (instance) (rate(napiscope_napi_{context}_polls_total{INSTANCE}{RATE}))",
       "{{instance}} " + context)
      for context in ("inline", "ksoftirqd", "threaded", "busy")]),
    ("Interrupts", "ops", "By action, the ten with most.", 8,
     [(f"topk(10, rate(napiscope_irq_count_total{INSTANCE}{RATE}))",
       "{{instance}} {{action}}")]),
    ("Cost of a packet, as a multiple of yesterday's", "short",
     "By the hour; the recording rules compute it.", 12,
     [(f"instance:napiscope_net_rx_seconds:per_work_change1d{INSTANCE}",
       "{{instance}}")]),
    ("Not counted", "ops", "What napiscope itself lost: its numbers are too "
     "low by that.", 12,
     [(f"rate(napiscope_lost_{what}_total{INSTANCE}{RATE})",
       "{{instance}} " + what) for what in ("slots", "missed", "hists")]),
]

SOURCE = {"type": "prometheus", "uid": "${source}"}


def variable(name, query, label):
    return {"name": name, "label": label, "type": "query", "datasource": SOURCE,
            "query": {"query": query, "refId": name}, "refresh": 2, "sort": 1,
            "multi": True, "includeAll": True, "allValue": ".*",
            "current": {"text": "All", "value": "$__all"}}


def panel(number, at, entry):
    title, unit, description, width, queries = entry
    return {
        "id": number, "type": "timeseries", "title": title,
        "description": description, "datasource": SOURCE,
        "gridPos": {"x": at[0], "y": at[1], "w": width, "h": 8},
        "fieldConfig": {"defaults": {"unit": unit, "min": 0}, "overrides": []},
        "options": {"legend": {"displayMode": "list", "placement": "bottom"},
                    "tooltip": {"mode": "multi", "sort": "desc"}},
        "targets": [{"refId": chr(ord("A") + i), "datasource": SOURCE,
                     "expr": expr, "legendFormat": legend}
                    for i, (expr, legend) in enumerate(queries)],
    }


def panels():
    x = y = 0
    for number, entry in enumerate(PANELS, 1):
        if x + entry[3] > 24:
            x, y = 0, y + 8
        yield panel(number, (x, y), entry)
        x += entry[3]


print(json.dumps({
    "uid": "napiscope", "title": "napiscope", "tags": ["napi", "network"],
    "description": "NAPI and softirqs of a fleet, from `napiscope export`.",
    "schemaVersion": 38, "version": 1, "editable": True, "refresh": "1m",
    "time": {"from": "now-6h", "to": "now"}, "timezone": "browser",
    "templating": {"list": [
        {"name": "source", "label": "Data source", "type": "datasource",
         "query": "prometheus"},
        variable("instance", "label_values(napiscope_info, instance)", "Machine"),
        variable("dev", 'label_values(napiscope_dev_work_total'
                 '{instance=~"$instance"}, dev)', "Device"),
    ]},
    "annotations": {"list": []}, "panels": list(panels()),
}, indent=1))
