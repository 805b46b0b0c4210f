// Requests that no honest client sends, made from the OpenAPI document. In: an operation and a source of choices.
// Out: a path, headers and a body that are nearly right, with something hostile in one place.
import fc from 'fast-check'
import type { OpenApi, Operation } from '../../src/http/openapi.ts'

type Json = Record<string, unknown>
export type Choose = <T>(options: readonly T[]) => T
export type Hostile = {
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: string | Buffer | undefined
}
/** What a route is asked with: the document, values that exist, a definition that runs. */
export type Known = {
  readonly document: OpenApi
  /** For path parameters: ids of things that are there. */
  readonly ids: readonly string[]
  readonly definition: Json
}

export const attacks = [
  'nothing wrong',
  'malformed JSON',
  'wrong types',
  'huge strings',
  'null bytes',
  'unicode',
  'metacharacters',
  'deep nesting',
  'prototype keys',
  'wrong content type',
  'odd headers',
] as const
export type Attack = (typeof attacks)[number]

const TEXTS = {
  unicode: [
    '\u202egnp.exe',
    'e\u0301\u0301\u0301',
    '👩‍👩‍👧‍👦',
    '\ufeff',
    '\ud800',
    '\uffff',
    'İıſK',
    '\u2028\u2029',
    '𝟙𝟚',
    '\u0085\u000b',
  ],
  metacharacters: [
    `' or '1'='1`,
    `"; drop table tablewright.tables; --`,
    `') union select hash from tablewright.api_keys --`,
    '$1 $$x$$ %s %_\\',
    '../../../../etc/passwd',
    '..\\..\\win.ini',
    '%2e%2e%2f',
    '*;|&`id`',
    '<script>alert(1)</script>',
    '{{7*7}}#{7*7}',
    '\r\nSet-Cookie: a=b',
    '(((((a+)+)+)+)+)$',
  ],
  'null bytes': ['\0', 'a\0b', '\0\0\0'],
} as const
const WRONG: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  -0,
  2 ** 53,
  2147483648,
  '',
  ' ',
  'x',
  [],
  [[]],
  {},
  [null],
  { a: 1 },
  '9'.repeat(400),
  '2025-02-30',
  'NaN',
  '-infinity',
  '0001-01-01T00:00:00Z',
  '+275760-09-13',
  '1e5',
]
const PROTOTYPE = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '__defineGetter__', 'then']

/** A value of about the shape that a schema describes. */
function sample(schema: Json, known: Known, choose: Choose, depth = 0): unknown {
  if (typeof schema.$ref === 'string') {
    const name = schema.$ref.split('/').at(-1) ?? ''
    if (name === 'Definition') return structuredClone(known.definition)
    return depth > 6 ? null : sample(known.document.components.schemas[name] ?? {}, known, choose, depth + 1)
  }
  if ('const' in schema) return schema.const
  if (Array.isArray(schema.enum)) return choose(schema.enum)
  const either = (schema.anyOf ?? schema.oneOf) as Json[] | undefined
  if (either !== undefined) return sample(choose(either), known, choose, depth + 1)
  if (Array.isArray(schema.allOf))
    return Object.assign({}, ...schema.allOf.map((one) => sample(one, known, choose, depth + 1)))
  switch (schema.type) {
    case 'object': {
      const required = (schema.required ?? []) as string[]
      const entries = Object.entries((schema.properties ?? {}) as Record<string, Json>)
        .filter(([name]) => required.includes(name) || choose([true, depth > 4]))
        .map(([name, one]) => [name, sample(one, known, choose, depth + 1)])
      return Object.fromEntries(entries)
    }
    case 'array':
      return Array.from({ length: choose([0, 1, 2]) }, () =>
        sample((schema.items ?? {}) as Json, known, choose, depth + 1),
      )
    case 'string':
      if (schema.format === 'email') return 'somebody@example.org'
      if (schema.format === 'date') return '2025-03-01'
      if (schema.format === 'date-time') return '2025-03-01T00:00:00Z'
      return choose(['Europe/Berlin', 'donations by month', '09:00', ...known.ids])
    case 'integer':
    case 'number':
      return choose([0, 1, 2, 7, 50, Number(schema.maximum ?? 1000)])
    case 'boolean':
      return choose([true, false])
    case 'null':
      return null
    default:
      return choose<unknown>([structuredClone(known.definition), {}, 'x', 1])
  }
}

/** Puts something in place of one part of a value, any part. */
function spoilt(value: unknown, choose: Choose, change: (before: unknown) => unknown): unknown {
  const parts: { holder: Json; key: string }[] = []
  const root: Json = { value }
  const left: Json[] = [root]
  for (let holder = left.pop(); holder !== undefined; holder = left.pop())
    for (const [key, part] of Object.entries(holder)) {
      parts.push({ holder, key })
      if (typeof part === 'object' && part !== null) left.push(part as Json)
    }
  const { holder, key } = choose(parts)
  Object.defineProperty(holder, key, {
    value: change(holder[key]),
    enumerable: true,
    writable: true,
    configurable: true,
  })
  return root.value
}

function textOf(attack: Attack, choose: Choose): string | undefined {
  if (attack === 'huge strings') return choose(['x', 'ü', '"', '\\', '\n']).repeat(choose([200, 5000, 60_000]))
  if (attack === 'unicode' || attack === 'metacharacters' || attack === 'null bytes') return choose(TEXTS[attack])
  return attack === 'prototype keys' ? choose(PROTOTYPE) : undefined
}

function bodyOf(schema: Json, attack: Attack, known: Known, choose: Choose): string | Buffer {
  const value = sample(schema, known, choose)
  const text = textOf(attack, choose)
  switch (attack) {
    case 'malformed JSON': {
      const whole = JSON.stringify(value)
      const cut = Buffer.from(whole.slice(0, choose([0, 1, Math.floor(whole.length / 2), whole.length - 1])))
      return choose([
        cut,
        Buffer.from([0xff, 0xfe, 0x7b]),
        Buffer.from(`${whole}${whole}`),
        Buffer.from("{'a':1}"),
        Buffer.from('NaN'),
        Buffer.from(`{"a":1,}`),
      ])
    }
    case 'deep nesting': {
      const [open, close] = choose([
        ['[', ']'],
        ['{"not":', '}'],
        ['{"all":[', ']}'],
      ] as const)
      const depth = choose([20, 60, 500, 20_000])
      const nest = `${open.repeat(depth)}1${close.repeat(depth)}`
      return JSON.stringify(spoilt(value, choose, () => 'HERE')).replace('"HERE"', nest)
    }
    case 'prototype keys':
      return JSON.stringify(
        spoilt(value, choose, (before) => {
          const inside = typeof before === 'object' && before !== null ? (before as Json) : {}
          return JSON.parse(JSON.stringify({ ...inside, KEY: { polluted: true } }).replace('KEY', text ?? ''))
        }),
      )
    case 'wrong types':
      return JSON.stringify(spoilt(value, choose, () => choose(WRONG)))
    default:
      return JSON.stringify(
        text === undefined ? value : spoilt(value, choose, () => choose([text, [text], { [text]: text }])),
      )
  }
}

/** Text in an address: encoded, or as an attacker would write it. */
function inAddress(text: string, choose: Choose): string {
  // Longer ones Node itself refuses (431).
  const encoded = encodeURIComponent(text.slice(0, 100).toWellFormed())
  return choose([encoded, encoded, encoded.replaceAll('%', '%25'), `${encoded}%`, `%ff${encoded}`, `${encoded}%00`])
}

/** A cursor as the server writes them, with what it would never write in it. */
function forgedCursor(choose: Choose): string {
  const part = (): unknown =>
    choose<unknown>([
      'updated',
      'created',
      'name',
      'conversations',
      'dashboard',
      'report',
      ...TEXTS['null bytes'],
      '\ud800',
      ...WRONG,
    ])
  const first = choose(['updated', 'created', 'name', 'conversations', 'dashboard', 'report', 'x\0'])
  return Buffer.from(JSON.stringify([first, part(), part()])).toString('base64url')
}

/** One hostile request to an operation; the same choices make the same request. */
export function hostile(
  [path, method, operation]: readonly [string, string, Operation],
  attack: Attack,
  known: Known,
  choose: Choose,
): Hostile {
  const headers: Record<string, string> = {}
  const text = textOf(attack, choose) ?? (attack === 'wrong types' ? String(choose(WRONG)) : undefined)
  const spoil = (good: string): string =>
    text !== undefined && choose([true, false, false]) ? inAddress(text, choose) : encodeURIComponent(good)
  let address = path.replace(/\{\w+\}/g, () => spoil(choose(known.ids)) || 'x')
  const query: string[] = []
  for (const parameter of operation.parameters ?? []) {
    const name = String(parameter.name)
    if (parameter.in === 'query' && choose([true, false]))
      query.push(
        `${name}=${name === 'cursor' ? forgedCursor(choose) : spoil(String(sample(parameter.schema as Json, known, choose)))}`,
      )
    if (parameter.in === 'header' && choose([true, false]))
      headers[name] =
        attack === 'odd headers'
          ? choose(['"', '*', 'W/"1"', '"1", "2"', '"99999999999"', ' ', '\u00ff', 'x'.repeat(3000)])
          : '"1"'
  }
  if (text !== undefined && choose([true, false])) query.push(`${inAddress(text, choose)}=${inAddress(text, choose)}`)
  if (query.length > 0) address += `?${query.join('&')}`
  if (attack === 'odd headers') {
    const odd = {
      'X-Organization': ['', '\u00ff', "'"],
      'X-Demo-Organization': ["'", '__proto__'],
      Accept: ['text/event-stream', '*/*;q=x'],
      Cookie: ['tablewright.session_token=%00; a=%', '=;=', 'tablewright.session_token=__proto__.x'],
      'Accept-Encoding': ['gzip;q=0, *', 'x'],
      'X-Request-Id': ['x'.repeat(500), "'"],
      'X-Forwarded-For': [',,', "'"],
      Range: ['bytes=9-1'],
      traceparent: ['00-zz-zz-01'],
    }
    const name = choose(Object.keys(odd) as (keyof typeof odd)[])
    headers[name] = choose(odd[name])
  }
  const schema = (operation.requestBody as { content: Record<string, { schema: Json }> } | undefined)?.content[
    'application/json'
  ]?.schema
  if (method === 'get' || (schema === undefined && choose([true, false])))
    return { path: address, headers, body: undefined }
  const type = choose([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'application/jsonx',
    ';',
    'application/json; charset=utf-16',
  ])
  headers['Content-Type'] = attack === 'wrong content type' ? type : 'application/json'
  return { path: address, headers, body: bodyOf(schema ?? {}, attack, known, choose) }
}

/** Choices that fast-check makes, repeats and shrinks. */
export const choices = fc.gen().map(
  (g): Choose =>
    (options) => {
      const index = g(fc.nat, options.length - 1)
      return options[index] as (typeof options)[number]
    },
)
