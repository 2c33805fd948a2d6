// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings as one JSON object, under the head of report's; see findings.h. */
#include "view/findings.h"

#include <math.h>
#include <string.h>

#include "model/format.h"
#include "view/json.h"

/* What is not there is absent. */
static void set_text(json_t *o, const char *name, const char *text)
{
	if (*text)
		json_object_set_new(o, name, view_json_text(text));
}

/* Commands may be several, a line each. */
static void set_commands(json_t *o, const char *name, const char *commands)
{
	if (*commands)
		json_object_set_new(o, name, view_json_lines(commands));
}

static json_t *evidence_json(const struct evidence *e)
{
	json_t *o = json_object();

	json_object_set_new(o, "name", view_json_text(e->name));
	if (!isnan(e->number)) {
		json_object_set_new(o, "value", json_real(e->number));
		json_object_set_new(o, "unit", json_string(e->unit));
	}
	json_object_set_new(o, "text", view_json_text(e->text));
	return o;
}

static json_t *all_evidence_json(const struct finding *f)
{
	json_t *array = json_array();
	unsigned int i;

	for (i = 0; i < f->nr_evidence; i++)
		json_array_append_new(array, evidence_json(&f->evidence[i]));
	return array;
}

static json_t *joined_json(const struct finding *f)
{
	json_t *array = json_array(), *o;
	unsigned int i;

	for (i = 0; i < f->nr_joined; i++) {
		o = json_object();
		json_object_set_new(o, "id", json_string(f->joined[i].id));
		if (*f->joined[i].subject) {
			json_object_set_new(o, "kind",
					    json_string(f->joined[i].kind));
			set_text(o, "subject", f->joined[i].subject);
		}
		json_array_append_new(array, o);
	}
	return array;
}

static json_t *finding_json(const struct finding *f)
{
	json_t *o = json_object();

	json_object_set_new(o, "id", json_string(f->id));
	json_object_set_new(o, "severity",
			    json_string(severity_name(f->severity)));
	set_text(o, "subject", f->subject);
	json_object_set_new(o, "kind", json_string(f->kind));
	if (f->cpu != MISSING)
		json_object_set_new(o, "cpu", json_integer((json_int_t)f->cpu));
	json_object_set_new(o, "evidence", all_evidence_json(f));
	json_object_set_new(o, "cause", view_json_text(f->cause));
	set_commands(o, "check", f->check);
	set_commands(o, "fix", f->fix);
	set_commands(o, "undo", f->undo);
	set_text(o, "avoid", f->avoid);
	set_text(o, "kernel", f->kernel);
	json_object_set_new(o, "joined", joined_json(f));
	if (f->more_joined)
		json_object_set_new(o, "more_joined",
				    json_integer(f->more_joined));
	return o;
}

static json_t *judged_json(const struct judged *rule)
{
	static const char *const states[] = {
		[RULE_CLEAR] = "clear",
		[RULE_FOUND] = "found",
		[RULE_NOT_MEASURED] = "not measured",
	};
	json_t *o = json_object();

	json_object_set_new(o, "id", json_string(rule->id));
	json_object_set_new(o, "state", json_string(states[rule->state]));
	if (rule->state == RULE_NOT_MEASURED)
		set_text(o, "why", rule->why);
	return o;
}

int findings_print_json(FILE *out, const struct interval *iv,
			const struct verdict *v,
			const struct findings_options *options)
{
	json_t *root = view_json_head(iv), *findings = json_array();
	json_t *rules = json_array();
	const struct finding *f;
	const struct judged *rule;

	table_for_each (&v->findings, f)
		json_array_append_new(findings, finding_json(f));
	table_for_each (&v->rules, rule)
		json_array_append_new(rules, judged_json(rule));
	json_object_set_new(root, "findings", findings);
	json_object_set_new(root, "rules", rules);
	return view_json_print(out, root, options->lines);
}
