#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016 # of other shells
# The Debian packages: made, checked, installed in a bare system, run, removed.

setup_file() {
	((EUID == 0)) || skip "needs root"
	command -v lintian mmdebstrap >/dev/null ||
		skip "needs the packages of scripts/deps deb"
	scripts/debian/build >&2
}

setup() {
	ROOT=$BATS_FILE_TMPDIR/root
	UNIT=scripts/debian/napiscope.napiscope-export.service
	DEB=$(echo build/deb/napiscope_*.deb)
}

teardown() {
	[ ! -e "$BATS_TEST_TMPDIR/pid" ] ||
		kill "$(<"$BATS_TEST_TMPDIR/pid")" 2>/dev/null || true
}

teardown_file() {
	rm -rf --one-file-system "$BATS_FILE_TMPDIR/root"
}

# in_mounted ROOT COMMAND...: in that root, which has /proc and /sys meanwhile.
in_mounted() {
	unshare -m bash -c 'mount --bind /proc "$0/proc" &&
		mount --bind /sys "$0/sys" &&
		exec chroot "$0" "$@"' "$@"
}

@test "lintian has nothing to say" {
	run lintian --allow-root --fail-on error,warning,info build/deb/*.changes
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "the manual pages are without a warning" {
	run mandoc -Tlint build/napiscope.1 src/man/refnic.4
	[ -z "$output" ]
	run man -l --warnings build/napiscope.1
	[ "$status" -eq 0 ]
	[ -z "$(man -l --warnings build/napiscope.1 2>&1 >/dev/null)" ]
	[ -z "$(man -l --warnings src/man/refnic.4 2>&1 >/dev/null)" ]
}

@test "the unit is sound, and exposed to little" {
	command -v systemd-analyze >/dev/null || skip "needs systemd-analyze"
	run systemd-analyze security --offline=yes --no-pager "$UNIT"
	[[ $output =~ exposure\ level\ for\ [^:]*:\ ([0-9])\.([0-9]) ]]
	((BASH_REMATCH[1] * 10 + BASH_REMATCH[2] <= 25))
	sed "s|/usr/sbin/napiscope|$PWD/build/napiscope|" "$UNIT" \
		>"$BATS_TEST_TMPDIR/napiscope-export.service"
	run systemd-analyze verify --man=no \
		"$BATS_TEST_TMPDIR/napiscope-export.service"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output != *napiscope-export* ]]
}

# What the unit lets it have, and no more.
AS_SERVICE=(setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs
	--inh-caps=-all,+bpf,+perfmon --ambient-caps=+bpf,+perfmon
	--bounding-set=-all,+bpf,+perfmon)

@test "what the unit leaves it is enough" {
	local pid url

	"${AS_SERVICE[@]}" build/napiscope export --listen 127.0.0.1:0 \
		2>"$BATS_TEST_TMPDIR/err" 3>&- &
	pid=$!
	echo "$pid" >"$BATS_TEST_TMPDIR/pid"
	for ((i = 0; i < 100; i++)); do
		! grep -q serving "$BATS_TEST_TMPDIR/err" || break
		sleep 0.1
	done
	url=$(sed -n 's/.*serving //p' "$BATS_TEST_TMPDIR/err")
	cat "$BATS_TEST_TMPDIR/err"
	[ "$(grep -E '^Cap(Prm|Eff|Amb):' "/proc/$pid/status" |
		awk '{ print $2 }' | sort -u)" = 0000000000000000 ]
	tests/live/openmetrics.py "$url" |
		jq -e 'any(.[0] == "napiscope_cpu_net_rx_runs_total")'
	kill "$pid"
	wait "$pid"
}

# expand NAME: a group of system calls, or one.
expand() {
	local name

	if [[ $1 != @* ]]; then
		echo "$1"
		return
	fi
	while read -r name; do
		[[ ! $name || $name == "#"* || $name == "$1" ]] || expand "$name"
	done < <(systemd-analyze syscall-filter "$1" | sed 's/^ *//')
}

# What the unit's filter lets through, line by line, as systemd reads it.
filter() {
	local line name
	local -A allowed=()

	while read -r line; do
		for name in ${line#"~"}; do
			while read -r name; do
				if [[ $line == "~"* ]]; then
					unset "allowed[$name]"
				else
					allowed[$name]=1
				fi
			done < <(expand "$name")
		done
	done < <(sed -n 's/^SystemCallFilter=//p' "$UNIT")
	printf '%s\n' "${!allowed[@]}" | sort
}

@test "the unit lets it make every system call that it makes" {
	local pid

	command -v systemd-analyze >/dev/null || skip "needs systemd-analyze"
	strace -f -qq -o "$BATS_TEST_TMPDIR/calls" "${AS_SERVICE[@]}" \
		build/napiscope export --listen 127.0.0.1:0 \
		2>"$BATS_TEST_TMPDIR/err" 3>&- &
	echo $! >"$BATS_TEST_TMPDIR/pid"
	for ((i = 0; i < 200; i++)); do
		! grep -q serving "$BATS_TEST_TMPDIR/err" || break
		sleep 0.1
	done
	tests/live/openmetrics.py "$(sed -n 's/.*serving //p' \
		"$BATS_TEST_TMPDIR/err")" >/dev/null
	pid=$(pgrep -P "$(<"$BATS_TEST_TMPDIR/pid")")
	kill "$pid"
	wait
	sed '1,/execve("build.napiscope"/d' "$BATS_TEST_TMPDIR/calls" |
		sed -nE 's/^[0-9]+ +([a-z0-9_]+)\(.*/\1/p' | sort -u >"$BATS_TEST_TMPDIR/made"
	grep -qx bpf "$BATS_TEST_TMPDIR/made"
	run comm -23 "$BATS_TEST_TMPDIR/made" <(filter)
	echo "not let through: $output"
	[ -z "$output" ]
}

in_root() {
	chroot "$ROOT" env DEBIAN_FRONTEND=noninteractive "$@"
}

# Where this system's packages come from, for its own release.
sources() {
	# shellcheck source=/dev/null
	. /etc/os-release
	apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) main' \
		"Created-By: Packages" | grep -E " $VERSION_CODENAME " | sort -u
}

# Every file, but for what apt and dpkg keep for themselves.
files_of_root() {
	(cd "$ROOT" && find . -xdev \( -path ./proc -o -path ./sys -o -path ./dev -o \
		-path ./var/lib/dpkg -o -path ./var/lib/apt -o -path ./var/cache -o \
		-path ./var/log -o -path ./etc/ld.so.cache \) -prune -o -print) | sort
}

@test "in a bare system it is installed, runs, and goes without a trace" {
	local before default

	# With its libraries, which others may need: they are not its own to remove.
	sources | mmdebstrap --quiet --variant=minbase --include="$(dpkg-deb -f \
		"$DEB" Depends | sed 's/ ([^)]*)//g; s/, /,/g')" "$(. /etc/os-release &&
		echo "$VERSION_CODENAME")" "$ROOT" - 2>"$BATS_TEST_TMPDIR/mm" || {
		grep -qiE 'could not resolve|unable to fetch|unable to connect' \
			"$BATS_TEST_TMPDIR/mm" && skip "no network"
		cat "$BATS_TEST_TMPDIR/mm"
		return 1
	}
	cp "$DEB" "$ROOT/napiscope.deb"
	files_of_root >"$BATS_TEST_TMPDIR/before"
	in_root dpkg -i /napiscope.deb
	in_root dpkg -V napiscope
	run in_mounted "$ROOT" napiscope report -d 0.2 -f json
	[ "$status" -eq 0 ]
	[ "$(jq -r '.cpus | length' <<<"$output")" -ge 1 ]
	# Not enabled: an exporter is started by whoever wants one.
	[ -e "$ROOT/lib/systemd/system/napiscope-export.service" ]
	[ ! -e "$ROOT/etc/systemd/system/multi-user.target.wants/napiscope-export.service" ]
	# What was changed outlives the package, and a purge ends it.
	default=$ROOT/etc/default/napiscope-export
	echo '# mine' >>"$default"
	in_root dpkg -r napiscope
	[ ! -e "$ROOT/usr/sbin/napiscope" ]
	grep -q '^# mine$' "$default"
	in_root dpkg -P napiscope
	files_of_root >"$BATS_TEST_TMPDIR/after"
	diff "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/after"
}

@test "dkms builds the driver of its package" {
	local kernel=6.12 tree=$BATS_TEST_TMPDIR/dkms version

	run scripts/lab fetch "$kernel"
	[ "$status" -eq 0 ] || skip "${lines[-1]}"
	dpkg-deb -x build/deb/refnic-dkms_*.deb "$BATS_TEST_TMPDIR/package"
	version=$(basename "$BATS_TEST_TMPDIR"/package/usr/src/refnic-*)
	version=${version#refnic-}
	mkdir "$tree"
	run dkms build refnic/"$version" -k "$(<"build/lab/$kernel/version")" \
		--dkmstree "$tree" --sourcetree "$BATS_TEST_TMPDIR/package/usr/src" \
		--kernelsourcedir "$(scripts/lab kdir "$kernel")" --no-depmod
	[ "$status" -eq 0 ] || {
		echo "$output"
		cat "$tree/refnic/$version/build/make.log"
		return 1
	}
	find "$tree" -name 'refnic.ko*' | grep -q .
}

@test "the static program runs where there is nothing else" {
	local root=$BATS_TEST_TMPDIR/empty

	make -s -j"$(nproc)" build/static/napiscope 2>"$BATS_TEST_TMPDIR/make" || {
		! grep -q '^lab: ' "$BATS_TEST_TMPDIR/make" ||
			skip "$(grep '^lab: ' "$BATS_TEST_TMPDIR/make")"
		cat "$BATS_TEST_TMPDIR/make"
		return 1
	}
	mkdir -p "$root"/{proc,sys}
	cp build/static/napiscope "$root"
	run in_mounted "$root" /napiscope report -d 0.2 -f json
	echo "$output" >"$BATS_TEST_TMPDIR/json"
	export -f in_mounted
	SHELL=$BASH TERM=xterm run script -qec "bash -c 'in_mounted $root /napiscope'" /dev/null
	jq -e '.cpus | length >= 1' "$BATS_TEST_TMPDIR/json"
	# Without a description of the terminal there is no screen, and that is said.
	[ "$status" -eq 1 ]
	[[ $output == *terminal* ]]
	run chroot "$root" /napiscope report
	[[ $output == "napiscope: "*"is /proc mounted?" ]]
	run chroot "$root" /napiscope export
	[ "$status" -eq 2 ]
	[[ $output == *"no command is called 'export' in this build, which is static"* ]]
}
