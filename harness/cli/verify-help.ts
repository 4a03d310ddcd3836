/** The help text of `npm run verify`. */

import { formatLines } from './help.ts'

export function verifyHelp(): string {
  return `Runs all labs and says whether sockets behave on this machine as expected; of every surprise, what may explain it.

  npm run verify                              all labs, side by side
  npm run verify -- --only 04,07              some of them, by number or name
  npm run verify -- --save here.json          keeps what was seen, for --baseline and npm run compare
  npm run verify -- --baseline there.json     shows what differs from the run of another machine

Options stand after a --, because npm keeps for itself what stands before it:

  --only LABS, --skip LABS
                         may be given more than once; separate several labs by commas
  --shard I/N            one part of the labs, for N machines that share them
  --repeat N             runs each lab N times; what does not always answer the same is unsteady
  --baseline FILE        the answers that are kept in FILE are what is expected
  --random N             tries N random sequences of socket calls against theory M8
  --seed S               the random sequences of that seed again
  --report FORMAT[=FILE] may be given more than once; without FILE it goes to standard output
      text      a row for each lab, surprises and what may explain them: the usual one
${formatLines()}
  --full                 the long form of labs that have one, such as 14-more-than-65535
  --timeout SECONDS      the time limit for one lab
  --jobs N               how many labs run side by side
  --save FILE            keeps evidence, answers and the facts about this machine
  --replay FILE          verifies what is kept in FILE; opens no socket
  --color, --no-color    colour, whatever the terminal is
  --help                 this text

Exit codes: 0 nothing failed, 1 a check failed or differs from the baseline, 2 wrong usage,
3 something could not be observed, 130, 143, 129 after SIGINT, SIGTERM, SIGHUP.
`
}
