import type { Narration } from '../../harness/lab.ts'
import type lab from './lab.ts'

export default {
  title: '',
  summary: '',
  acts: {
    dualStack: {
      title: '',
      intro: '',
      checks: {
        'a-b': {
          question: '',
          outcomes: {
            connected: { choice: '', seen: (e) => `${e.overIPv6.outcome}`, why: '' },
            ECONNREFUSED: { choice: '', seen: '', why: '' },
            'timed-out': { choice: '', seen: '', why: '' },
          },
        },
      },
    },
  },
  remember: [],
} satisfies Narration<typeof lab>
