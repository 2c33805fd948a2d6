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

# debug_kernel: as tests/vm/debug.config wants it, in build/lab/debug as others.
debug_kernel() {
	local config=$TREE/tests/vm/debug.config dir=$LAB/debug
	local source kbuild refused version

	source=$(kernel_source) || exit
	kbuild=(make -s -C "$source" "O=$dir/build" "-j$(nproc)")
	mkdir -p "$dir/build"
	rm -f "$dir/version" "$dir/initrd.gz"
	"${kbuild[@]}" "KCONFIG_ALLCONFIG=$config" allnoconfig
	refused=$(grep '^CONFIG_.*[^n]$' "$config" |
		grep -vxFf "$dir/build/.config" || true)
	[[ ! $refused ]] || die "not in this kernel:"$'\n'"$refused"
	"${kbuild[@]}" vmlinux modules
	rm -rf "${dir:?}/lib"
	"${kbuild[@]}" "INSTALL_MOD_PATH=$dir" INSTALL_MOD_STRIP=1 \
		modules_install
	strip -o "$dir/vmlinuz" "$dir/build/vmlinux"
	version=$(<"$dir/build/include/config/kernel.release")
	echo "$version" >"$dir/version"
	echo "lab: debug is $version" >&2
}
