// Definitions of earlier versions → today's. Saved tables keep what was saved; they are upgraded whenever they are read.
// Refused: a version from the future, which this program cannot understand.
import { type ParsedDefinition, parseDefinition } from './parse.ts'

/** What turns one version's JSON into the next one's; the key is the version it starts from. */
export type UpgradeSteps = Readonly<Record<number, (old: Record<string, unknown>) => Record<string, unknown>>>

export const currentVersion = 1

/** There is one version so far; the first change of the language adds its step here. */
const steps: UpgradeSteps = {}

/** Any version's JSON as today's definition, or its issues. */
export function upgradeDefinition(
  input: unknown,
  path: UpgradeSteps = steps,
  current: number = currentVersion,
): ParsedDefinition {
  const upgraded = upgradeJson(input, path, current)
  return upgraded.ok ? parseDefinition(upgraded.json) : upgraded
}

/** The steps alone, without parsing. */
export function upgradeJson(
  input: unknown,
  path: UpgradeSteps,
  current: number,
): { ok: true; json: unknown } | Extract<ParsedDefinition, { ok: false }> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return { ok: true, json: input }
  let json = input as Record<string, unknown>
  const version = json.version ?? current
  if (typeof version !== 'number' || !Number.isInteger(version)) return { ok: true, json }
  const refuse = (message: string, fix: string): Extract<ParsedDefinition, { ok: false }> => ({
    ok: false,
    issues: [{ code: 'unknown-version', path: ['version'], message, fix }],
  })
  if (version > current)
    return refuse(
      `Cannot read a definition of version ${version}: this program knows versions up to ${current}`,
      'Update Tablewright',
    )
  for (let at = version; at < current; at += 1) {
    const step = path[at]
    if (step === undefined)
      return refuse(
        `Cannot read a definition of version ${version}: no step leads on from version ${at}`,
        'Save it again with the current language',
      )
    json = { ...step(json), version: at + 1 }
  }
  return { ok: true, json }
}
