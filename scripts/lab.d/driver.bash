# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Of scripts/lab, which sources it: the kernel module of src/driver, built for
# the lab's kernels from their header packages.

# What kbuild runs beside the compiler and programs of its own.
KBUILD_PACKAGES=(bash coreutils dash findutils grep make mawk perl-base python3
	sed)
# A module's BTF takes pahole, and nobody reads it.  A kernel built by hand was
# built by the same gcc under another name: the distribution's do not ask.
KBUILD_VARIABLES=(CONFIG_DEBUG_INFO_BTF_MODULES= CONFIG_PAHOLE_VERSION=0
	PAHOLE=none DEBIAN_KERNEL_NO_CC_VERSION_CHECK=y)

# kdir KERNEL: what modules are built against, into the cache; prints where.
kdir() {
	local dir=$LAB/$1/headers name headers suite work package

	fetch "$1"
	if by_hand "$1"; then
		echo "$LAB/$1/build"
		return
	fi
	name=linux-headers-$(<"$LAB/$1/version")
	if [[ ! -d $dir ]]; then
		suite=$(column "$1" 3)
		work=$(mktemp -d "$LAB/$1/headers.XXXXXX")
		headers=$work/usr/src/$name
		unpack "$suite" "$name:$(column "$1" 2)" "$work"
		# What all flavours share, and the programs, which run here.
		for package in $(kbuild_package "$headers") \
			"$(sed -n 's|^include .*/\(.*\)/Makefile|\1|p' \
			"$headers/Makefile")"; do
			unpack "$suite" "$package:$(dpkg --print-architecture)" \
				"$work"
		done
		# It names places of the system that it is made for.
		sed -i "s|/usr/src/|$dir&|" "$headers/Makefile"
		mv "$work" "$dir"
	fi
	echo "$dir/usr/src/$name"
}

# kbuild_package KDIR: the one with programs.
kbuild_package() {
	basename "$(dirname "$(readlink "$1/scripts")")"
}

# gcc_is_older COMPILER KDIR: than the kernel's, some options of which it does
# not know.
gcc_is_older() {
	local version

	version=$("$1" -dumpfullversion) || exit
	awk -F '[.=]' '
		NR == FNR { version = ($1 * 100 + $2) * 100 + $3 }
		$1 == "CONFIG_GCC_VERSION" { kernel = $2 }
		END { exit version >= kernel }' - "$2/.config" <<<"$version"
}

# A command in another root, which has this tree where it is here, and /proc for
# objtool.
# shellcheck disable=SC2016 # for that shell
IN_ROOT='set -e
mkdir -p "$1/proc" "$1$2"
mount --rbind /proc "$1/proc"
mount --bind "$2" "$1$2"
exec chroot "$1" env -C "$2" "${@:3}"'

# driver KERNEL [VARIABLE=VALUE...]: build/lab/KERNEL/driver/refnic.ko, and among
# the kernel's modules.  The variables are for kbuild.
driver() {
	local arch suite version kdir gnu gcc installed into=()

	kdir=$(kdir "$1") || exit
	version=$(<"$LAB/$1/version")
	installed=$LAB/$1/lib/modules/$version/updates/refnic.ko
	rm -f "$installed"
	arch=$(column "$1" 2)
	gnu=${MACHINE[$arch]}-linux-gnu
	gcc=$gnu-gcc
	if gcc_is_older "$gcc" "$kdir"; then
		gcc=$(grep -o 'gcc-[0-9]*' "$kdir/.kernelvariables")
		suite=$(column "$1" 3)
		fetch_root "root-$suite" "$suite" "$arch" "$gcc" \
			"$(kbuild_package "$kdir")" "${KBUILD_PACKAGES[@]}"
		into=(unshare -rm bash -c "$IN_ROOT" -- "$LAB/root-$suite" "$TREE")
	fi
	"${into[@]}" make -s "-j$(nproc)" driver "B=build/lab/$1" "KDIR=$kdir" \
		"CROSS_COMPILE=$gnu-" "CC=$gcc" "${KBUILD_VARIABLES[@]}" "${@:2}"
	install -D -m 644 "$LAB/$1/driver/refnic.ko" "$installed"
	depmod -b "$LAB/$1" "$version"
}
