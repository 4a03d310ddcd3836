# Prints for ever, on both.
yes 'npm ok 1 - everything' >&2 &
yes '::error::everything'
