// SPDX-License-Identifier: GPL-2.0-or-later
/* See panel_draw.h. */
#include "tui/panel_draw.h"

#include <curses.h>
#include <math.h>
#include <string.h>

#include "tui/cell.h"
#include "tui/pen.h"

/* What drawing the rows of one panel needs. */
struct painter {
	const struct look *look;
	const struct interval *iv;
	const struct panel *panel;
	const struct history *history;
	const struct field *spark;
	enum history_series series;
	struct columns columns;
	bool focused;
};

/* Column 0 is for marks. */
#define GUTTER 1

static void painter_init(struct painter *painter, const struct tui *tui,
			 enum panel_id id)
{
	const struct panel *p = &tui->panels[id];
	struct column_plan plan = {
		.scope = p->class->scope,
		.specs = p->class->specs,
		.sums = p->class->sums,
		.label_title = p->class->label_title,
		.label_width = p->label_width,
		.absent = p->absent,
		.sort = p->sort,
	};

	*painter = (struct painter){
		.look = &tui->look,
		.iv = tui_grouped(tui),
		.panel = p,
		.history = tui->paused ? &p->held : &p->history,
		.focused = tui->focus == id,
	};
	painter->spark = panel_spark(p, &painter->series);
	plan.spark = painter->spark;
	columns_choose(&painter->columns, &plan, COLS - GUTTER);
}

/* --- title --- */

/* The arrow takes the blank before the title. */
static void painter_draw_sorted_title(const struct painter *painter,
				      struct pen *pen,
				      const struct column *column)
{
	const struct panel *p = painter->panel;
	bool names = p->sort->kind == FIELD_TEXT || p->sort->kind == FIELD_KEY;
	unsigned int attr = look_attr(painter->look, LOOK_SORT);
	int pad = column->left ? 0 : column->width - text_width(column->title);

	pen_fill_to(pen,
		    look_attr(painter->look,
			      painter->focused ? LOOK_FOCUS : LOOK_TITLE),
		    GUTTER + column->x - 1 + pad);
	pen_put(pen, attr, names != p->reverse ? "^" : "v");
	pen_cell(pen, attr, column->title, column->width - pad, true, CUT_TAIL);
}

static bool painter_sorts_by(const struct painter *painter,
			     const struct column *column)
{
	const struct field *sort = painter->panel->sort;
	const struct panel_class *class = painter->panel->class;

	if (!sort)
		return false;
	if (column->kind == COLUMN_FIELD)
		return column->field == sort;
	/* The field that the label shows is its first wish. */
	return column->kind == COLUMN_LABEL &&
	       (!strcmp(class->specs[0].name, sort->name) ||
		(class->specs[1].kind == COLUMN_LABEL &&
		 !strcmp(class->specs[1].name, sort->name)));
}

static void painter_draw_title(const struct painter *painter, int y)
{
	unsigned int attr = look_attr(
		painter->look, painter->focused ? LOOK_FOCUS : LOOK_TITLE);
	struct pen pen = pen_line(y);
	const struct column *column;
	unsigned int i;

	pen_put(&pen, attr, painter->focused ? ">" : " ");
	for (i = 0; i < painter->columns.nr; i++) {
		column = &painter->columns.at[i];
		if (painter_sorts_by(painter, column)) {
			painter_draw_sorted_title(painter, &pen, column);
			continue;
		}
		pen_fill_to(&pen, attr, GUTTER + column->x);
		pen_cell(&pen, attr, column->title, column->width, column->left,
			 CUT_TAIL);
	}
	pen_fill_to(&pen, attr, pen.end);
}

/* --- pictures --- */

static void painter_draw_part_of_bar(const struct painter *painter,
				     struct pen *pen, enum look_style style,
				     const char *glyph, uint64_t ns, int width,
				     int *left)
{
	int n = 0;

	if (ns != MISSING && painter->iv->ns)
		n = (int)lround((double)ns * width / (double)painter->iv->ns);
	for (; n > 0 && *left > 0; n--, (*left)--)
		pen_put(pen, look_attr(painter->look, style), glyph);
}

/*
 * A CPU's time from 0 to 100 %: device interrupts, NET_RX, other softirqs,
 * and polls outside of them (threaded, busy).
 */
static void painter_draw_bar(const struct painter *painter, struct pen *pen,
			     const struct cpu_row *c, int columns)
{
	int width = columns - 2, left = width;
	uint64_t soft = value_sub(c->softirq_ns, c->net_rx_ns);
	uint64_t polls = value_sub(c->poll_ns, c->net_rx_ns);

	if (soft != MISSING && c->softirq_ns < c->net_rx_ns)
		soft = 0;
	if (polls != MISSING && c->poll_ns < c->net_rx_ns)
		polls = 0;
	pen_put(pen, look_attr(painter->look, LOOK_DIM), "[");
	painter_draw_part_of_bar(painter, pen, LOOK_IRQ, "i", c->hardirq_ns,
				 width, &left);
	painter_draw_part_of_bar(painter, pen, LOOK_NET, "r", c->net_rx_ns,
				 width, &left);
	painter_draw_part_of_bar(painter, pen, LOOK_SOFT, "s", soft, width,
				 &left);
	painter_draw_part_of_bar(painter, pen, LOOK_NET, "p", polls, width,
				 &left);
	pen_fill_to(pen, 0, pen->x + left);
	pen_put(pen, look_attr(painter->look, LOOK_DIM), "]");
}

/* Shares of a CPU are drawn against 100 %, rates against their own peak. */
static void painter_draw_spark(const struct painter *painter, struct pen *pen,
			       uint64_t key, int columns)
{
	int i, width = columns < HISTORY_SECONDS ? columns : HISTORY_SECONDS;
	unsigned int attr = look_attr(painter->look, LOOK_NET);
	float values[HISTORY_SECONDS];
	float peak = history_read(painter->history, key, painter->series,
				  values, width);
	bool share = painter->spark->unit == UNIT_NS &&
		     !(painter->spark->flags & FIELD_RATIO) &&
		     !painter->panel->class->sums;
	double scale = share ? 1 : (double)peak;

	for (i = 0; i < width; i++) {
		if (isnan(values[i]))
			pen_put(pen, attr, " ");
		else
			pen_put(pen, attr,
				look_spark(painter->look,
					   scale > 0 ? values[i] / scale : 0));
	}
}

/* --- rows --- */

static enum look_style painter_cell_style(const struct painter *painter,
					  const struct column *column,
					  const struct panel_line *line,
					  const struct cell *cell)
{
	const struct panel_class *class = painter->panel->class;

	if (cell->alert == ALERT_CRIT)
		return LOOK_CRIT;
	if (cell->alert == ALERT_WARN)
		return LOOK_WARN;
	if (cell->quiet || line->folded ||
	    (class->is_idle && class->is_idle(line->row)))
		return LOOK_DIM;
	if (column->kind == COLUMN_LABEL)
		return line->part ? LOOK_PLAIN : LOOK_BOLD;
	if (column->field && column->field->flags & FIELD_KERNEL)
		return LOOK_KERNEL;
	return LOOK_PLAIN;
}

static void painter_draw_cell(const struct painter *painter, struct pen *pen,
			      const struct column *column,
			      const struct panel_line *line)
{
	enum look_style style;
	struct cell cell;

	cell_fill(&cell, painter->iv, painter->panel->class, line, column);
	style = painter_cell_style(painter, column, line, &cell);
	pen_cell(pen, look_attr(painter->look, style), cell.text, column->width,
		 column->left,
		 column->kind == COLUMN_LABEL ? CUT_MIDDLE : CUT_TAIL);
}

static void painter_draw_column(const struct painter *painter, struct pen *pen,
				const struct column *column,
				const struct panel_line *line)
{
	switch (column->kind) {
	case COLUMN_BAR:
		/* It is of one CPU's time. */
		if (!line->folded)
			painter_draw_bar(painter, pen, line->row, column->width);
		break;
	case COLUMN_SPARK:
		/* The history is of the whole row. */
		if (line->id.cpu == MISSING)
			painter_draw_spark(painter, pen, line->id.key,
					   column->width);
		break;
	default:
		painter_draw_cell(painter, pen, column, line);
		break;
	}
}

static enum look_style alert_style(enum alert alert)
{
	static const enum look_style styles[] = {
		[ALERT_NONE] = LOOK_PLAIN,
		[ALERT_WARN] = LOOK_WARN,
		[ALERT_CRIT] = LOOK_CRIT,
	};

	return styles[alert];
}

static void painter_draw_row(const struct painter *painter, int y, size_t n)
{
	const struct panel_line *line = table_at(&painter->panel->lines, n);
	const struct panel_class *class = painter->panel->class;
	enum alert alert = alert_of_row(painter->iv, class->scope, line->row,
					class->sums || line->folded);
	char mark[2] = { alert_mark(alert) };
	struct pen pen = pen_line(y);
	const struct column *column;
	unsigned int i;

	if (painter->focused && n == painter->panel->cursor)
		pen.mix = A_REVERSE;
	pen_put(&pen, look_attr(painter->look, alert_style(alert)), mark);
	for (i = 0; i < painter->columns.nr; i++) {
		column = &painter->columns.at[i];
		pen_fill_to(&pen, 0, GUTTER + column->x);
		painter_draw_column(painter, &pen, column, line);
	}
	if (pen.mix)
		pen_fill_to(&pen, 0, pen.end);
}

/* --- what is not in sight --- */

/* It is the last one. */
static bool panel_has_fold_line(const struct panel *p)
{
	const struct panel_line *last = table_at(&p->lines, p->lines.count);

	return p->lines.count && last[-1].folded;
}

static void painter_draw_rest(const struct painter *painter, int y)
{
	unsigned int dim = look_attr(painter->look, LOOK_DIM);
	const struct panel *p = painter->panel;
	size_t below = p->lines.count - p->top;
	struct pen pen = pen_line(y);

	pen_skip(&pen, GUTTER + 1);
	below -= below < p->page ? below : p->page;
	if (!p->nr_rows)
		pen_print(&pen, dim, "no %s", p->class->name);
	if (p->top)
		pen_print(&pen, dim, "%zu above  ", p->top);
	if (below)
		pen_print(&pen, dim, "%zu more below  ", below);
	if (p->nr_folded && (below || !panel_has_fold_line(p)))
		pen_print(&pen, dim, "%zu idle folded", p->nr_folded);
}

static bool panel_has_rest(const struct panel *p, int rows)
{
	return p->lines.count > (size_t)rows || !p->nr_rows ||
	       (p->nr_folded && !panel_has_fold_line(p));
}

void panel_draw(struct tui *tui, enum panel_id id, int y, int height)
{
	struct panel *p = &tui->panels[id];
	int rows = height - 1, i;
	bool rest = panel_has_rest(p, rows) && rows > 2;
	struct painter painter;

	if (height < 1)
		return;
	if (rest)
		rows--;
	panel_scroll(p, (size_t)rows);
	painter_init(&painter, tui, id);
	painter_draw_title(&painter, y);
	for (i = 0; i < rows && p->top + (size_t)i < p->lines.count; i++)
		painter_draw_row(&painter, y + 1 + i, p->top + (size_t)i);
	if (rest)
		painter_draw_rest(&painter, y + 1 + i);
}
