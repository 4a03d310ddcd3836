# busybox nc listens on :: without IPV6_V6ONLY, and sets SO_REUSEADDR. What -e names has the client as its standard input
# and output. The kernel's table says who that is; the last four digits are the port.
exec busybox nc -l -p "$1" -e sh -c '
  inode=$(readlink /proc/$$/fd/0 | tr -dc 0-9)
  printf "%d\n" "0x$(grep " $inode " /proc/net/tcp6 | cut -d: -f4 | cut -c1-4)" >&2
'
