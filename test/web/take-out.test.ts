import { expect, test } from 'vitest'
import { sentenceParts } from '../../src/definition/read-back.ts'
import { validateDefinition } from '../../src/pipeline.ts'
import { takenOut } from '../../web/ask/take-out.ts'
import { unclearParts } from '../../web/ask/unclear.ts'
import { cases } from '../golden/cases.ts'
import { worldCatalog, worldScope } from '../setup/world.ts'

test('a table can be run without any piece that is offered to be taken out, and does not say it any more', () => {
  let taken = 0
  for (const golden of Object.values(cases).flatMap((family) => Object.values(family))) {
    const checked = validateDefinition({ definition: golden, catalog: worldCatalog, scope: worldScope })
    if (!checked.ok) throw new Error(JSON.stringify(checked.issues))
    const { definition } = checked
    const parts = sentenceParts(definition, worldCatalog)
    for (const [at, { part, text }] of parts.entries()) {
      const index = parts.slice(0, at).filter((one) => one.part === part).length
      const without = takenOut(definition, { part, index })
      if (without === undefined) continue
      const again = validateDefinition({ definition: without, catalog: worldCatalog, scope: worldScope })
      const told = `${JSON.stringify(definition)} without ${text}`
      expect(again.ok ? [] : again.issues, told).toEqual([])
      const left = again.ok ? sentenceParts(again.definition, worldCatalog) : []
      const times = (all: typeof parts) => all.filter((one) => one.part === part && one.text === text).length
      expect(times(left), told).toBeLessThan(times(parts))
      taken += 1
    }
  }
  expect(taken).toBeGreaterThan(100)
})

test('what was not understood is named once, in the words and the order of the prompt', () => {
  const unclear = unclearParts('how much $$ by channel ths year', ['ths', 'year', 'channel', 'how much', 'by channel'])
  expect(unclear).toEqual(['how much', 'by channel ths year'])
  expect(unclearParts('Donors of the year', ['on', 'DONORS', 'elsewhere'])).toEqual(['Donors', 'on', 'elsewhere'])
})
