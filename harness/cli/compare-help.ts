/** What `npm run compare -- --help` prints. */

export const COMPARE_HELP = `Holds saved runs of several machines side by side: whose answers differ, and what differs between the machines.

  npm run compare A.json B.json...     files that npm run verify -- --save FILE has written
  npm run compare LABEL=A.json B.json  a name for a machine; without one it is the file's

Options stand after a --, because npm keeps for itself what stands before it:

  --all                  also what is alike
  --report FORMAT[=FILE] text, markdown, json or html; may be given more than once;
                         without FILE it goes to standard output
  --color, --no-color    colour, whatever the terminal is
  --help                 this text

Exit codes: 0 no answer differs, 1 answers differ, 2 wrong usage, 3 nothing could be compared.
`
