# Only bash has /dev/tcp. The kernel's table has the own end of each socket; its last four digits are the port.
exec bash -c '
  exec 3<>"/dev/tcp/$HOST/$0"
  inode=$(readlink /proc/$$/fd/3 | tr -dc 0-9)
  printf "%d\n" "0x$(grep " $inode " /proc/net/tcp | cut -d: -f3 | cut -c1-4)"
  cat <&3
' "$1"
