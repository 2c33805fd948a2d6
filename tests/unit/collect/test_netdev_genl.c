// SPDX-License-Identifier: GPL-2.0-or-later
/* Messages of the netdev family, made here in memory. */
#include "message.h"

#include <errno.h>
#include <linux/genetlink.h>

#include "collect/netdev.h"
#include "collect/netdev_genl.h"
#include "model/rows.h"

static struct table napis = TABLE_INIT(struct told_row);

static int napis_free(void **state)
{
	(void)state;
	table_fini(&napis);
	return 0;
}

static void message_begin_genl(struct message *m, uint8_t cmd)
{
	struct genlmsghdr genl = { .cmd = cmd, .version = 1 };

	message_begin(m, 30, &genl, sizeof(genl));
}

static void family_put(struct message *m, uint32_t last_op)
{
	struct nlattr *ops, *op;
	uint32_t i;

	message_begin_genl(m, CTRL_CMD_NEWFAMILY);
	mnl_attr_put_u16(m->nlh, CTRL_ATTR_FAMILY_ID, 33);
	ops = mnl_attr_nest_start(m->nlh, CTRL_ATTR_OPS);
	for (i = 1; i <= last_op; i++) {
		op = mnl_attr_nest_start(m->nlh, i);
		mnl_attr_put_u32(m->nlh, CTRL_ATTR_OP_ID, i);
		mnl_attr_put_u32(m->nlh, CTRL_ATTR_OP_FLAGS, 0);
		mnl_attr_nest_end(m->nlh, op);
	}
	mnl_attr_nest_end(m->nlh, ops);
}

static void test_family(void **state)
{
	struct netdev_family family = {};
	struct message m;

	(void)state;
	family_put(&m, 1); /* 6.3: dev-get only */
	message_parse(&m, netdev_genl_parse_family, &family);
	assert_int_equal(family.id, 33);
	assert_false(family.has_napi_get);
	family_put(&m, 12);
	message_parse(&m, netdev_genl_parse_family, &family);
	assert_true(family.has_napi_get);
	message_torture(&m, netdev_genl_parse_family, &family, NULL);
}

static struct netdev_genl_napis to = { .napis = &napis, .netns_ino = INO };

static void napi_put(struct message *m, uint32_t id)
{
	message_begin_genl(m, 11);
	mnl_attr_put_u32(m->nlh, 1, 4);
	mnl_attr_put_u32(m->nlh, 2, id);
}

static const struct told_row *napi_add(uint32_t id)
{
	struct message m;

	napi_put(&m, id);
	assert_int_equal(message_parse(&m, netdev_genl_parse_napi, &to), 0);
	return table_at(&napis, napis.count - 1);
}

static void test_napi(void **state)
{
	const struct told_row *napi;
	struct message m;

	(void)state;
	napis.count = 0;
	napi = napi_add(257);
	assert_int_equal(napi->netns_ino, INO);
	assert_int_equal(napi->napi_id, 257);
	assert_int_equal(napi->ifindex, 4);
	assert_true(napi->irq == MISSING && napi->pid == MISSING);
	assert_true(napi->queue == MISSING && napi->is_tx == MISSING);
	assert_true(napi->defer_hard_irqs == MISSING);
	assert_true(napi->gro_flush_timeout_ns == MISSING);

	napi_put(&m, 258);
	mnl_attr_put_u32(m.nlh, 3, 44);
	mnl_attr_put_u32(m.nlh, 4, 1234);
	mnl_attr_put_u32(m.nlh, 5, 2);
	mnl_attr_put_u64(m.nlh, 6, 20000);
	mnl_attr_put_u32(m.nlh, 99, 1);
	message_parse(&m, netdev_genl_parse_napi, &to);
	napi = table_at(&napis, 1);
	assert_int_equal(napi->irq, 44);
	assert_int_equal(napi->pid, 1234);
	assert_int_equal(napi->defer_hard_irqs, 2);
	assert_int_equal(napi->gro_flush_timeout_ns, 20000);
	message_torture(&m, netdev_genl_parse_napi, &to, &napis);
}

static void test_napi_odd(void **state)
{
	struct message m;

	(void)state;
	napis.count = 0;
	message_begin_genl(&m, 11); /* no id */
	mnl_attr_put_u32(m.nlh, 1, 4);
	message_parse(&m, netdev_genl_parse_napi, &to);
	message_begin_genl(&m, 12); /* another command */
	mnl_attr_put_u32(m.nlh, 2, 4);
	message_parse(&m, netdev_genl_parse_napi, &to);
	message_begin_genl(&m, 11); /* an id of three bytes */
	mnl_attr_put(m.nlh, 2, 3, "abc");
	message_parse(&m, netdev_genl_parse_napi, &to);
	message_begin_genl(&m, 11);
	message_shorten(&m, m.nlh->nlmsg_len - 2);
	message_parse(&m, netdev_genl_parse_napi, &to);
	assert_int_equal(napis.count, 0);
}

static void queue_add(uint32_t queue, uint32_t type, uint32_t napi_id)
{
	struct message m;

	message_begin_genl(&m, 10);
	mnl_attr_put_u32(m.nlh, 1, queue);
	mnl_attr_put_u32(m.nlh, 2, 4);
	mnl_attr_put_u32(m.nlh, 3, type);
	mnl_attr_put_u32(m.nlh, 4, napi_id);
	assert_int_equal(message_parse(&m, netdev_genl_parse_queue, &to), 0);
}

static void queue_expect(size_t row, uint64_t queue, uint64_t is_tx)
{
	const struct told_row *napi = table_at(&napis, row);

	assert_true(napi->queue == queue);
	assert_true(napi->is_tx == is_tx);
}

static void test_queues(void **state)
{
	struct message m;

	(void)state;
	napis.count = 0;
	queue_add(0, 0, 10); /* no NAPI at all */
	napi_add(10);
	napi_add(11);
	napi_add(12);
	queue_add(3, 1, 10);
	queue_expect(0, 3, 1);
	queue_add(2, 0, 10); /* rx wins, then the lowest */
	queue_add(1, 1, 10);
	queue_add(7, 0, 10);
	queue_expect(0, 2, 0);
	queue_add(6, 1, 11);
	queue_add(5, 1, 11);
	queue_expect(1, 5, 1);
	queue_add(5, 2, 12); /* a type that is not known */
	queue_add(5, 0, 99);
	queue_expect(2, MISSING, MISSING);

	message_begin_genl(&m, 10);
	mnl_attr_put_u32(m.nlh, 1, 0);
	mnl_attr_put_u32(m.nlh, 3, 0);
	mnl_attr_put_u32(m.nlh, 4, 12);
	message_torture(&m, netdev_genl_parse_queue, &to, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_family),
		cmocka_unit_test(test_napi),
		cmocka_unit_test(test_napi_odd),
		cmocka_unit_test(test_queues),
	};

	return cmocka_run_group_tests_name("netdev_genl", tests, NULL,
					   napis_free);
}
