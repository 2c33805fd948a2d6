#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Completion, in bash itself: what a person gets who types and presses Tab.

setup() {
	command -v tmux >/dev/null || skip "needs tmux"
	export PATH=$PWD/build:$PATH
	SOCKET=$BATS_TEST_TMPDIR/tmux
	tmux -S "$SOCKET" -f /dev/null new-session -d -x 200 -y 24 \
		"bash --norc --noprofile"
	type_keys 'PS1="> "; source build/completion.bash; clear' Enter
	shows '^>$'
}

teardown() {
	[[ ! -S ${SOCKET:-} ]] || tmux -S "$SOCKET" kill-server
}

type_keys() {
	tmux -S "$SOCKET" send-keys "$@"
}

# shows PATTERN: a line of the screen, soon.
shows() {
	local i

	for ((i = 0; i < 50; i++)); do
		! tmux -S "$SOCKET" capture-pane -p | grep -qE -- "$1" || return 0
		sleep 0.1
	done
	tmux -S "$SOCKET" capture-pane -p | sed '/^$/d'
	return 1
}

# completes TYPED PATTERN: after a Tab, after two of them what there is to choose.
completes() {
	type_keys C-u
	type_keys -l "$1"
	type_keys Tab
	[[ $2 == *\$ ]] || type_keys Tab
	shows "$2"
	type_keys C-u C-l
}

@test "commands, options, and what can follow them" {
	completes 'napiscope dia' '^> napiscope diagnose$'
	completes 'napiscope ' 'compare +diagnose +export +help +list'
	completes 'napiscope report --sv' '^> napiscope report --svg$'
	completes 'napiscope report --format=cs' '^> napiscope report --format=csv$'
	completes 'napiscope report -f open' '^> napiscope report -f openmetrics$'
	completes 'napiscope diagnose -f ' '^json +text *'
	completes 'napiscope --tier fe' '^> napiscope --tier fentry$'
	completes 'napiscope trace --events irq,squ' \
		'^> napiscope trace --events irq,squeeze$'
	completes 'napiscope top --without ti' \
		'^> napiscope top --without timer_vector$'
	completes 'napiscope top --fields work_p' \
		'^> napiscope top --fields work_per_poll'
	completes 'napiscope top --sort sq' '^> napiscope top --sort squeeze_'
}

@test "devices and files are those that are there" {
	completes 'napiscope top -D l' '^> napiscope top -D lo$'
	mkdir "$BATS_TEST_TMPDIR/here"
	: >"$BATS_TEST_TMPDIR/here/before.rec"
	completes "napiscope compare $BATS_TEST_TMPDIR/here/bef" \
		'here/before.rec$'
	completes "napiscope report -r $BATS_TEST_TMPDIR/here/" \
		'here/before.rec$'
}

@test "every option that a command has is completed, in bash and in zsh" {
	local command option

	for command in top report diagnose compare list trace probes export; do
		while read -r option; do
			grep -A3 -E "^	$command\)$" build/completion.bash |
				grep -q -- " $option[ \"]" || {
				echo "bash: $command $option"
				return 1
			}
			sed -n "/^	$command)/,/;;/p" build/completion.zsh |
				grep -q -- "$option[=[}'-]" || {
				echo "zsh: $command $option"
				return 1
			}
		done < <(napiscope "$command" --help |
			grep -oE -- '^ +(-., )?--[a-z-]+' | grep -oE -- '--.*')
	done
	! command -v zsh || zsh -f -n build/completion.zsh
}
