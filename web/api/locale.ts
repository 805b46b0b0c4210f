/** The reader's language tag; some browsers name one that Intl does not take, and then it is plain English. */
export const readerLocale: string = ((): string => {
  try {
    return Intl.getCanonicalLocales(navigator.language)[0] ?? 'en-US'
  } catch {
    return 'en-US'
  }
})()

/** Date and time on the reader's clock. */
export const whenText = (at: string): string =>
  new Date(at).toLocaleString(readerLocale, { dateStyle: 'medium', timeStyle: 'short' })
