# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Of scripts/lab, which sources it: the kernel that looks for mistakes of
# drivers, built by hand from the distribution's source.

# kernel_source: unpacked, into the cache; prints where.
kernel_source() {
	local package dir work

	package=$(column debug 4)
	dir=$LAB/$package
	if [[ ! -d $dir ]]; then
		mkdir -p "$LAB"
		work=$(mktemp -d "$LAB/source.XXXXXX")
		unpack "$(column debug 3)" \
			"$package:$(dpkg --print-architecture)" "$work"
		tar -xf "$work/usr/src/$package.tar.xz" -C "$work"
		mv "$work/$package" "$dir"
		rm -r "$work"
	fi
	echo "$dir"
}
