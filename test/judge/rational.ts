// Exact fractions, so that the judge never rounds. `rough` marks values that a database can only approximate.
import { fragility } from './fragility.ts'

/** An exact fraction in lowest terms, denominator positive; rough: the database may differ in the last digits. */
export type Rational = {
  readonly kind: 'number'
  readonly n: bigint
  readonly d: bigint
  readonly rough: boolean
}

const SHORT_DECIMAL = 10n ** 12n

/** A fraction from its parts; the denominator must not be 0. */
export function rational(n: bigint, d = 1n, rough = false): Rational {
  const sign = d < 0n ? -1n : 1n
  const divisor = gcd(n < 0n ? -n : n, d * sign)
  return { kind: 'number', n: (n * sign) / divisor, d: (d * sign) / divisor, rough }
}

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b]
  while (y !== 0n) [x, y] = [y, x % y]
  return x === 0n ? 1n : x
}

/** The number that a decimal text such as "-12.50" or "1e3" stands for; undefined when it is none. */
export function parseDecimal(text: string): Rational | undefined {
  const parts = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text)
  if (parts === null) return undefined
  const [, sign, whole = '0', fraction = '', exponent = '0'] = parts
  const power = Number(exponent) - fraction.length
  const digits = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n)
  return power >= 0 ? rational(digits * 10n ** BigInt(power)) : rational(digits, 10n ** BigInt(-power))
}

/** The decimal number a JavaScript number is written as. */
export function fromNumber(value: number): Rational {
  const parsed = parseDecimal(String(value))
  if (parsed === undefined) throw new Error(`not a finite number: ${value}`)
  return parsed
}

export function integer(value: number | bigint): Rational {
  return rational(BigInt(value))
}

export function add(a: Rational, b: Rational): Rational {
  return rational(a.n * b.d + b.n * a.d, a.d * b.d, a.rough || b.rough)
}

export function negate(a: Rational): Rational {
  return rational(-a.n, a.d, a.rough)
}

export function subtract(a: Rational, b: Rational): Rational {
  return add(a, negate(b))
}

export function multiply(a: Rational, b: Rational): Rational {
  return rational(a.n * b.n, a.d * b.d, a.rough || b.rough)
}

/** a ÷ b, or null when b is 0; rough unless the quotient is a short decimal. */
export function divide(a: Rational, b: Rational): Rational | null {
  if (b.n === 0n) {
    if (b.rough) fragility.note('division by nearly zero')
    return null
  }
  const result = rational(a.n * b.d, a.d * b.n)
  const rough = a.rough || b.rough || SHORT_DECIMAL % result.d !== 0n
  return { ...result, rough }
}

export function absolute(a: Rational): Rational {
  return a.n < 0n ? negate(a) : a
}

/** −1, 0 or 1; notes when rounding in a database could turn the answer around. */
export function compareNumbers(a: Rational, b: Rational): number {
  const left = a.n * b.d
  const right = b.n * a.d
  if ((a.rough || b.rough) && isNear(a, b)) fragility.note('comparison of nearly equal numbers')
  return left < right ? -1 : left > right ? 1 : 0
}

/** Whether two numbers agree to a relative 1e-9 (absolute below 1). */
export function isNear(a: Rational, b: Rational): boolean {
  const x = toDouble(a)
  const y = toDouble(b)
  if (x === y) return true
  return (
    Math.abs(toDouble(subtract({ ...a, rough: false }, { ...b, rough: false }))) <=
    1e-9 * Math.max(Math.abs(x), Math.abs(y), 1)
  )
}

/** Largest whole number not above the value. */
export function floor(a: Rational): Rational {
  noteIfNearWhole(a)
  return rational(floorDivide(a.n, a.d), 1n)
}

export function ceiling(a: Rational): Rational {
  return negate(floor(negate(a)))
}

/** Rounds to so many decimal places, halves away from zero. */
export function round(a: Rational, digits: number): Rational {
  const scale = digits >= 0 ? rational(10n ** BigInt(digits)) : rational(1n, 10n ** BigInt(-digits))
  const scaled = multiply(absolute(a), scale)
  const shifted = add(scaled, rational(1n, 2n))
  noteIfNearWhole(shifted)
  const magnitude = rational(floorDivide(shifted.n, shifted.d) * scale.d, scale.n)
  return a.n < 0n ? negate(magnitude) : magnitude
}

/** Largest multiple of `width` that is not above the value. */
export function lowerMultiple(a: Rational, width: Rational): Rational {
  const quotient = rational(a.n * width.d, a.d * width.n, a.rough || width.rough)
  return multiply(floor(quotient), width)
}

function noteIfNearWhole(a: Rational): void {
  if (!a.rough) return
  const value = toDouble(a)
  if (Math.abs(value - Math.round(value)) < 1e-9) fragility.note('rounding of a nearly whole number')
}

export function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient
}

export function toDouble(a: Rational): number {
  const whole = a.n / a.d
  const scaled = ((a.n - whole * a.d) * 10n ** 25n) / a.d
  return Number(whole) + Number(scaled) / 1e25
}

/** Square root to about 30 digits, always rough. */
export function squareRoot(a: Rational): Rational {
  if (a.n <= 0n) return rational(0n, 1n, true)
  const scale = 10n ** 30n
  return rational(integerRoot((a.n * scale * scale) / a.d), scale, true)
}

function integerRoot(value: bigint): bigint {
  if (value < 2n) return value
  let guess = 1n << BigInt(Math.ceil(value.toString(2).length / 2))
  for (;;) {
    const next = (guess + value / guess) >> 1n
    if (next >= guess) return guess
    guess = next
  }
}

/** Plain decimal text: exact where the value is, else cut to 20 places. */
export function decimalText(a: Rational): string {
  const places = !a.rough && 10n ** 80n % a.d === 0n ? 80 : 20
  const scaled = (a.n * 10n ** BigInt(places)) / a.d
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(places + 1, '0')
  const fraction = digits.slice(-places).replace(/0+$/, '')
  const text = digits.slice(0, -places) + (fraction === '' ? '' : `.${fraction}`)
  return scaled < 0n ? `-${text}` : text
}
