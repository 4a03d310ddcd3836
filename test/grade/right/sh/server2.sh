# -v says where the datagram came from; -W 1: one datagram, and it ends.
echo hello | exec nc -n -v -u -l -W 1 "$HOST" "$1"
