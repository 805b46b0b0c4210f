/** Cents as a decimal text with two places; cents are whole and not negative. */
export function money(cents: number): string {
  const whole = Math.round(cents)
  return `${Math.floor(whole / 100)}.${String(whole % 100).padStart(2, '0')}`
}
