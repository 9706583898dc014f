/** The words for tools that are lost for good, in English. */
export const enLosses = {
  loss: {
    button: 'Lost for good',
    title: 'Is {{name}} lost for good?',
    text: 'Another person has to confirm it. Until then it waits on the list of what needs somebody.',
    done: 'What was done to find it',
    ask: 'Say that it is lost',
    decide: 'Decide',
    lost: 'It is lost',
    notLost: 'It is not lost',
    lostText: 'It is retired, and both names stand in the trail.',
    notLostText: 'It stays in use. Whoever said that it is lost takes it back with this.',
    verdict: 'What you decide',
    note: 'Why (optional)',
  },
} as const;
