# Programs with a set-user-ID bit, and namespaces in which one would count as user 0.
for command in 'su -c id' 'mount -t tmpfs none /tmp' 'umount /tmp' 'unshare --user --map-root-user id' 'unshare --net true' \
  'mknod /tmp/disk b 254 0' 'chown 0 /tmp' 'ip link set lo down' 'mount -o remount,rw /' 'chroot / true' 'nsenter -t 1 -m true' \
  'setpriv --reuid=0 true' 'prlimit --nproc=10000 true' 'nice -n -5 true' 'date -s 2001-01-01'; do
  if [ "$command" = 'nice -n -5 true' ]; then [ "$(nice -n -5 nice 2>/dev/null)" = -5 ] && echo "gained $command"
  else sh -c "$command" </dev/null >/dev/null 2>&1 && echo "gained $command"
  fi
done
cp /bin/sh /tmp/sh && chmod 4755 /tmp/sh && /tmp/sh -p -c 'echo "still $(id -u)"'
