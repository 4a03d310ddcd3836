/** What is said of a surprise for which no cause was found. */

export const NOTHING_KNOWN = 'Nothing known explains it.'

/** Below the last of them, once. */
export const HOW_TO_REPORT =
  'Please report it, with the output of npm run doctor -- --markdown and the file of npm run verify -- --save FILE. They name no host; the listings in the file name the user.'
