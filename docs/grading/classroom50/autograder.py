#!/usr/bin/env python3
"""Grades a submission of Classroom 50 with the socket labs.

The runner starts it in the student's checkout. It leaves result.json and release-body.md there. Whatever keeps it from
grading is an exit code other than 0, which the runner tells as an error and not as a grade.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

# Fill in: where the labs are, which version of them, and which labs are graded if there is no rubric.
LABS_ADDRESS = "https://git.example/socket-labs.git"
LABS_VERSION = "main"
LABS = "01,02,04"

checkout = pathlib.Path.cwd()
bundle = pathlib.Path(os.environ.get("CLASSROOM50_BUNDLE_DIR", "/nowhere"))
# The default of a classroom stands one folder above the files of the assignment.
rubrics = [bundle / "rubric.json", bundle / os.environ.get("ASSIGNMENT", "") / "rubric.json"]
rubric = next((one for one in rubrics if one.is_file()), None)
labs = pathlib.Path(tempfile.mkdtemp()) / "socket-labs"


def run(*command, cwd=None):
    subprocess.run(command, cwd=cwd, check=True, stdout=sys.stderr)


run("git", "clone", "--quiet", "--depth", "1", "--branch", LABS_VERSION, LABS_ADDRESS, str(labs))
run("npm", "ci", "--omit=dev", "--silent", cwd=labs)

committed = subprocess.run(
    ["git", "log", "-1", "--format=%cI"], cwd=checkout, check=True, capture_output=True, text=True
).stdout.strip()

graded = subprocess.run(
    [
        "npm", "run", "-s", "grade", "--", str(checkout),
        *(["--rubric", str(rubric)] if rubric else ["--labs", LABS]),
        "--report", f"classroom50={checkout / 'result.json'}",
        "--report", f"markdown={checkout / 'release-body.md'}",
    ],
    cwd=labs,
    env={**os.environ, "SUBMITTED_AT": committed},
)

# 3: something was inconclusive. That is no grade: a person has to look, and grade again.
sys.exit(graded.returncode)
