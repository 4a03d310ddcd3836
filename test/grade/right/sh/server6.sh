# -v says who the client is; -N closes when there is nothing to say.
exec nc -n -v -N -l "$HOST" "$1" </dev/null
