/** What a decision on something set aside changes on other screens. */
export const touches = ['quarantine', 'overview', 'assets'] as const;
