/** The reader's language tag; some browsers name one that Intl does not take, and then it is plain English. */
export const readerLocale: string = ((): string => {
  try {
    return Intl.getCanonicalLocales(navigator.language)[0] ?? 'en-US'
  } catch {
    return 'en-US'
  }
})()

/** By whose days and months the reader's rows are counted. */
export const readerTimezone: string = Intl.DateTimeFormat().resolvedOptions().timeZone

/** Date and time on the reader's clock. */
export const whenText = (at: string): string =>
  new Date(at).toLocaleString(readerLocale, { dateStyle: 'medium', timeStyle: 'short' })

/** When rows were read and by whose clock: the same table may have another month elsewhere. */
export const asOfText = (at: string): string => `as of ${whenText(at)} (${readerTimezone})`
