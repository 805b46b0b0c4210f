/** Who sees a table, in words. */
export const visibilityWords = {
  PRIVATE: 'Only me',
  TEAM: 'Teams and people it is shared with',
  ORG: 'Everybody in the organization',
} as const
export type Visibility = keyof typeof visibilityWords
