# SPDX-License-Identifier: GPL-2.0-or-later
# napiscope: `make help` lists the targets.  All output goes to build/.

CC ?= gcc
CLANG ?= clang
BPFTOOL ?= $(firstword $(wildcard /usr/sbin/bpftool) bpftool)
PKG_CONFIG ?= pkg-config
PREFIX ?= /usr/local
# Where zsh looks: of a package elsewhere than of what was built here.
ZSH_SITE = $(if $(filter /usr,$(PREFIX)),vendor-completions,site-functions)
DESTDIR ?=
B := build
# Of what takes minutes to build.
JOBS := $(shell nproc)

MACHINE := $(shell uname -m)
BPF_ARCH := $(subst aarch64,arm64,$(subst x86_64,x86,$(MACHINE)))

WARN := -Wall -Wextra -Wshadow -Wmissing-prototypes -Werror
CFLAGS ?= -O2 -g
BASE_CFLAGS = $(CPPFLAGS) -std=gnu11 -D_GNU_SOURCE $(WARN) -Isrc -Ibpf -I$(B)/bpf
BPF_CFLAGS := -O2 -g -std=gnu11 -target bpf -mcpu=v3 -Wall -Wextra -Werror \
	-Wno-unused-parameter -Wframe-larger-than=128 \
	-D__TARGET_ARCH_$(BPF_ARCH) -Ibpf -Ivmlinux
SAN_CFLAGS := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer

# What makes a mistake harder to use: of the program, for the tests have the
# sanitizers.  Before CFLAGS and LDFLAGS, which may say otherwise.
can = $(shell $(CC) -Werror $(1) -c -x c /dev/null -o /dev/null 2>/dev/null && \
	echo $(1))
FORTIFY = $(if $(findstring _FORTIFY_SOURCE,$(CPPFLAGS) $(CFLAGS)),,$(if \
	$(filter -O1 -O2 -O3 -Os,$(CFLAGS)),-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2))
HARDEN_CFLAGS := $(strip -fPIE $(foreach f,-fstack-protector-strong \
	-fstack-clash-protection -fcf-protection -mbranch-protection=standard, \
	$(call can,$(f))) $(FORTIFY))
HARDEN_LDFLAGS := -Wl,-z,relro,-z,now

# Lower layers last: this is also the order of linking.
LAYERS := tui view diagnose collect model util
PACKAGES := libbpf libelf zlib ncursesw jansson libmnl libmicrohttpd libcap-ng
LIBS := $(shell $(PKG_CONFIG) --libs $(PACKAGES) 2>/dev/null) -lm
# What of all that is not here.
MISSING = $(strip $(foreach c,$(firstword $(CC)) $(CLANG) $(BPFTOOL) \
	$(PKG_CONFIG),$(if $(shell command -v $(c)),,$(c))) $(foreach p, \
	$(PACKAGES),$(if $(shell $(PKG_CONFIG) --exists $(p) 2>&1 || echo no),$(p))))

VERSION := $(shell git describe --always --dirty 2>/dev/null || echo unknown)
# Written when it is another one: what says it is compiled anew.
$(shell mkdir -p $(B); \
	[ "$$(cat $(B)/napiscope.version 2>/dev/null)" = '$(VERSION)' ] || \
	echo '$(VERSION)' >$(B)/napiscope.version)

# --- BPF -------------------------------------------------------------------
# The definitions first: libbpf 1.1 cannot link them after their users.
BPF_SRC := bpf/maps.bpf.c $(filter-out bpf/maps.bpf.c,$(wildcard bpf/*.bpf.c))
BPF_OBJ := $(BPF_SRC:bpf/%.bpf.c=$(B)/bpf/%.o)
BPF_HDR := $(wildcard bpf/*.h) vmlinux/vmlinux.h
SKEL := $(B)/bpf/napiscope.skel.h

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all
all: $(B)/napiscope $(B)/napiscope.1 $(B)/completion.bash $(B)/completion.zsh ## build the program and its manual page

.PHONY: needs
needs:
	@[ -z "$(MISSING)" ] || { echo "make: missing: $(MISSING); sudo" \
		"scripts/deps build installs what building needs" >&2; exit 1; }

$(B)/bpf/%.o: bpf/%.bpf.c $(BPF_HDR) | needs
	@mkdir -p $(@D)
	$(CLANG) $(BPF_CFLAGS) -c $< -o $@

$(B)/bpf/napiscope.bpf.o: $(BPF_OBJ)
	$(BPFTOOL) gen object $@ $^

$(SKEL): $(B)/bpf/napiscope.bpf.o
	$(BPFTOOL) gen skeleton $< name napiscope_bpf > $@.tmp
	mv $@.tmp $@

# --- program ---------------------------------------------------------------
# compile DIR, FLAGS: objects and one archive a layer under build/DIR.
define compile
$(B)/$(1)/%.o: src/%.c $(SKEL)
	@mkdir -p $$(@D)
	$$(CC) $$(BASE_CFLAGS) $(2) -MMD -MP -DVERSION='"$$(VERSION)"' -c $$< -o $$@

$(foreach l,$(LAYERS),$(eval $(1)_$(l)_OBJ := \
	$(patsubst src/%.c,$(B)/$(1)/%.o,$(wildcard src/$(l)/*.c))))
$(foreach l,$(LAYERS),$(eval $(B)/$(1)/lib$(l).a: $($(1)_$(l)_OBJ)))
$(B)/$(1)/lib%.a:
	@mkdir -p $$(@D)
	@rm -f $$@
	$$(AR) rcs $$@ $$^
-include $(wildcard $(B)/$(1)/*.d $(B)/$(1)/*/*.d)
endef

$(eval $(call compile,obj,$$(HARDEN_CFLAGS) $$(CFLAGS)))
$(eval $(call compile,san,$$(SAN_CFLAGS)))

$(foreach d,obj san fuzz,$(B)/$(d)/main.o $(B)/$(d)/collect/config.o): $(B)/napiscope.version

MAIN_OBJ := $(patsubst src/%.c,$(B)/obj/%.o,$(wildcard src/*.c))

$(B)/napiscope: $(MAIN_OBJ) $(LAYERS:%=$(B)/obj/lib%.a)
	$(CC) -pie $(HARDEN_LDFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $(MAIN_OBJ) $(LAYERS:%=$(B)/obj/lib%.a) \
		$(LIBS)

# --- static program, for a rescue system: without the exporter, whose libraries
# want more of a system than that ---
NO_EXPORT := cmd_export util/http util/gzip util/privilege
STATIC_OBJ = $(filter-out $(NO_EXPORT:%=$(B)/static/%.o), \
	$(patsubst src/%.c,$(B)/static/%.o,$(wildcard src/*.c \
		$(LAYERS:%=src/%/*.c))))
STATIC_LIBS = $(shell $(PKG_CONFIG) --static --libs libbpf libelf zlib ncursesw \
	jansson 2>/dev/null) $(B)/static/lib/libmnl.a -lm

$(eval $(call compile,static,$$(HARDEN_CFLAGS) $$(CFLAGS) -DWITHOUT_EXPORT))
$(B)/static/main.o: $(B)/napiscope.version

# No release before trixie has it.
$(B)/static/lib/libmnl.a:
	@mkdir -p $(@D)
	scripts/lab unpack sid libmnl-dev:$$(dpkg --print-architecture) $(@D)/mnl
	cp $(@D)/mnl/usr/lib/*/libmnl.a $@

$(B)/static/napiscope: $(STATIC_OBJ) $(B)/static/lib/libmnl.a
	$(CC) -static-pie $(HARDEN_LDFLAGS) $(CFLAGS) -o $@ $(STATIC_OBJ) $(STATIC_LIBS)

.PHONY: static
static: ## build/static/napiscope, which needs no library (and has no export)
	scripts/deps static
	$(MAKE) $(B)/static/napiscope; $(GIVE_BACK)

# --- manual page and completion ----------------------------------------------
MAN_DATE = $(or $(shell git log -1 --format=%cs 2>/dev/null), \
	$(shell date -u -d "@$${SOURCE_DATE_EPOCH:-$$(date +%s)}" +%F))

# The FIELDS section of the manual page comes from the field table, the rules
# from theirs.
$(B)/napiscope.1: $(B)/napiscope src/man/napiscope.1.in
	$(B)/napiscope --man-fields | fold -s -w 78 | sed 's/ *$$//' > $(B)/fields.man
	$(B)/napiscope diagnose --rules > $(B)/rules.txt
	sed -e 's/\\/\\e/g' -e "s/^[.']/\\\\\&&/" $(B)/rules.txt > $(B)/rules.man
	sed -e '/^@FIELDS@$$/{r $(B)/fields.man' -e 'd}' \
		-e '/^@RULES@$$/{r $(B)/rules.man' -e 'd}' \
		-e 's/@DATE@/$(MAN_DATE)/' \
		src/man/napiscope.1.in > $@

$(B)/completion.%: $(B)/napiscope
	$(B)/napiscope --completion $* > $@

# --- unit tests: tests/unit/LAYER/test_*.c links LAYER and what is below ---
UNIT_SRC := $(wildcard tests/unit/*/test_*.c)
UNIT_BIN := $(UNIT_SRC:tests/%.c=$(B)/tests/%)

below_util := util
below_model := model util
below_collect := collect model util
below_diagnose := diagnose model util
below_view := view model util
below_tui := tui model util

.SECONDEXPANSION:
$(B)/tests/unit/%: tests/unit/%.c \
		$$(addprefix $(B)/san/lib,$$(addsuffix .a,$$(below_$$(firstword $$(subst /, ,$$*)))))
	@mkdir -p $(@D)
	$(CC) $(BASE_CFLAGS) $(SAN_CFLAGS) -MMD -MP -o $@ $< \
		$(filter %.a,$^) $(LIBS) -lcmocka
-include $(wildcard $(B)/tests/unit/*/*.d)

# --- fuzzers: tests/fuzz/NAME.c with clang's libFuzzer ----------------------
FUZZ_CFLAGS := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
$(eval $(call compile,fuzz,$$(FUZZ_CFLAGS) -fsanitize=fuzzer-no-link))
$(B)/fuzz/% $(B)/tests/fuzz/%: CC := $(CLANG)
FUZZ_BIN := $(patsubst tests/%.c,$(B)/tests/%,$(wildcard tests/fuzz/*.c))

$(B)/fuzz/libcommands.a: $(patsubst src/%.c,$(B)/fuzz/%.o, \
	$(filter-out src/main.c,$(wildcard src/*.c)))

$(FUZZ_BIN): $(B)/tests/fuzz/%: tests/fuzz/%.c \
		$(foreach l,commands $(LAYERS),$(B)/fuzz/lib$(l).a)
	@mkdir -p $(@D)
	$(CC) $(BASE_CFLAGS) $(FUZZ_CFLAGS) -fsanitize=fuzzer -MMD -MP \
		-DVERSION='"$(VERSION)"' -o $@ $< $(filter %.a,$^) $(LIBS)
-include $(wildcard $(B)/tests/fuzz/*.d)

.PHONY: fuzzers
fuzzers: $(FUZZ_BIN)

# --- helpers of the tests --------------------------------------------------
TOOL_SRC := $(wildcard tests/tools/*.c)
TOOL_BPF := $(wildcard tests/tools/*.bpf.c)
TOOL_BIN := $(patsubst tests/%.c,$(B)/tests/%,$(filter-out $(TOOL_BPF),$(TOOL_SRC)))
TOOL_SKEL := $(TOOL_BPF:tests/tools/%.bpf.c=$(B)/tests/tools/%.skel.h)
TOOL_OBJ := $(TOOL_SKEL:.skel.h=.bpf.o)

$(B)/tests/tools/%.bpf.o: tests/tools/%.bpf.c $(BPF_HDR)
	@mkdir -p $(@D)
	$(CLANG) $(BPF_CFLAGS) -c $< -o $@

$(B)/tests/tools/%.skel.h: $(B)/tests/tools/%.bpf.o
	$(BPFTOOL) gen skeleton $< name $* > $@

$(B)/tests/tools/%: tests/tools/%.c $(TOOL_SKEL) \
		$(foreach l,collect model util,$(B)/obj/lib$(l).a)
	@mkdir -p $(@D)
	$(CC) $(BASE_CFLAGS) -I$(B)/tests/tools $(CFLAGS) -MMD -MP -o $@ $< \
		$(filter %.a,$^) $(LIBS) -lpthread
-include $(wildcard $(B)/tests/tools/*.d)

.PHONY: tools
tools: $(TOOL_BIN) $(TOOL_OBJ) ## build the traffic generators and checkers of the tests

# --- kernel module ---------------------------------------------------------
# Where its sources are linked to, so that kbuild's output is not among them.
KDIR ?= /lib/modules/$(shell uname -r)/build
DRIVER := $(CURDIR)/$(B)/driver

.PHONY: driver
driver: ## build the kernel module; KDIR= says for which kernel
	@mkdir -p $(DRIVER)
	@find $(DRIVER) -type l -delete
	@ln -s $(CURDIR)/src/driver/* $(DRIVER)
	$(MAKE) -C $(KDIR) M=$(DRIVER) modules

# --- targets by hand -------------------------------------------------------
.PHONY: deps
deps: ## install the Debian packages that are missing
	scripts/deps

# What sudo built is its caller's, who may want to build on; the lab's trees are not.
GIVE_BACK = status=$$?; [ -z "$$SUDO_UID" ] || find $(B) -path $(B)/lab -prune -o \
	-exec chown -h "$$SUDO_UID:$$SUDO_GID" {} +; exit $$status

.PHONY: demo
demo: ## show it: install what is missing, build, make traffic, live screen
	scripts/demo; $(GIVE_BACK)

.PHONY: check
check: $(UNIT_BIN) $(B)/tests/tools/bigmachine all ## tests that need no root, in seconds
	tests/run check

.PHONY: test
test: ## every test that this machine can run (root)
	scripts/deps
	$(MAKE) -s -j$(JOBS) all tools units
	-$(MAKE) -s -j$(JOBS) fuzzers
	tests/run all; $(GIVE_BACK)

.PHONY: units
units: $(UNIT_BIN)

.PHONY: lint
lint: ## format, shellcheck, layers, field check of vmlinux.h
	scripts/lint

.PHONY: analyse
analyse: $(SKEL) ## gcc's and clang's static analysers on src (minutes)
	scripts/analyse

.PHONY: lint-driver
lint-driver: ## the kernel's checkers and several compilers on src/driver (minutes)
	scripts/deps driver
	scripts/lint-driver

.PHONY: fuzz
fuzz: ## fuzz all that reads what others wrote (40 minutes; no root)
	scripts/deps check
	$(MAKE) -s fuzzers
	scripts/fuzz

.PHONY: bench
bench: all tools ## measure cost and throughput (root, some minutes)
	scripts/bench; $(GIVE_BACK)

.PHONY: scale
scale: all tools ## how cost grows up to 4,096 NAPIs and 512 CPUs: table and SVG (minutes; no root)
	scripts/scale

.PHONY: curve
curve: ## refnic under rising load, NAPI or not: table and SVG, in a virtual machine (10 minutes)
	scripts/deps
	$(MAKE) -s all tools
	scripts/curve; $(GIVE_BACK)

.PHONY: scenarios
scenarios: ## make things wrong on real NAPI: does diagnose say what? (root, an hour)
	scripts/deps
	$(MAKE) -s all tools
	scripts/scenarios && scripts/lab driver 6.12 && \
	LAB_FILE_LIMIT=5400 scripts/lab exec 6.12 scripts/scenarios --lab && \
	LAB_NUMA=1 scripts/lab exec 6.12 scripts/scenarios --numa; $(GIVE_BACK)

.PHONY: faults
faults: ## unplug, kill, hide, fill and reload: what comes of it? (root, 20 minutes)
	scripts/deps
	$(MAKE) -s all tools
	scripts/faults; $(GIVE_BACK)

.PHONY: soak
soak: all tools ## an hour of mixed load: what has to hold all the time? (root; SOAK= seconds)
	scripts/soak; $(GIVE_BACK)

.PHONY: mutate
mutate: all tools ## break the programs on purpose: which test notices? (root)
	scripts/mutate; $(GIVE_BACK)

.PHONY: lab-all
lab-all: ## every other test on every kernel of the lab, in virtual machines (four hours)
	scripts/deps
	scripts/deps lab-arm64
	$(MAKE) -s all tools
	tests/run lab all; $(GIVE_BACK)

.PHONY: oracle
oracle: ## refnic's tests and its counters against ours, every kernel and tier
	scripts/deps
	scripts/deps driver
	$(MAKE) -s all tools
	tests/run lab oracle; $(GIVE_BACK)

.PHONY: debug-kernel
debug-kernel: ## build the lab's kernel that looks for a driver's mistakes (half an hour)
	scripts/deps driver
	scripts/lab debug-kernel

.PHONY: install
install: all ## install into DESTDIR and PREFIX
	install -D -m 755 $(B)/napiscope $(DESTDIR)$(PREFIX)/sbin/napiscope
	install -D -m 644 $(B)/napiscope.1 \
		$(DESTDIR)$(PREFIX)/share/man/man1/napiscope.1
	install -D -m 644 src/man/refnic.4 \
		$(DESTDIR)$(PREFIX)/share/man/man4/refnic.4
	install -D -m 644 $(B)/completion.bash \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/napiscope
	install -D -m 644 $(B)/completion.zsh \
		$(DESTDIR)$(PREFIX)/share/zsh/$(ZSH_SITE)/_napiscope$(if $(DESTDIR),,; $(GIVE_BACK))

.PHONY: deb
deb: ## Debian packages, napiscope and refnic-dkms, into build/deb
	scripts/deps deb
	scripts/debian/build

.PHONY: clean
clean: ## remove build/
	rm -rf $(B)

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | \
		expand -t 12
