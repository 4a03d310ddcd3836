#!/bin/sh
# Started by PrairieLearn in the container of the grader, for each submission.
set -u

mkdir -p /grade/results
cd /socket-labs || exit 1
node harness/cli/launch.cjs grade /grade/student \
  --rubric /grade/tests/rubric.json \
  --report prairielearn=/grade/results/results.json
code=$?

# 3: something was inconclusive. The result says so, is not gradable, and costs no attempt.
if [ "$code" -eq 0 ] || [ "$code" -eq 3 ]; then
  exit 0
fi
exit "$code"
