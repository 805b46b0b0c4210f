// Remembers that an answer hung on the last digit of an approximate number, where two correct programs may differ.
let reasons = new Set<string>()

export const fragility = {
  reset(): void {
    reasons = new Set()
  },
  note(reason: string): void {
    reasons.add(reason)
  },
  reasons(): string[] {
    return [...reasons]
  },
}
