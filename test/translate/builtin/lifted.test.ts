import { expect, test } from 'vitest'
import type { Filter } from '../../../src/definition/schema.ts'
import { lifted } from '../../../src/translate/builtin/lifted.ts'
import { empty } from '../../../src/translate/builtin/tie/empty.ts'
import { demoCatalog } from '../../setup/demo-catalog.ts'

const catalog = demoCatalog()
const filtersOf = (root: string, filters: Filter) => lifted({ ...empty(root), filters }, catalog).filters

test('contacts without pledges in Ohio are in Ohio: the donor of a pledge is the contact it belongs to', () => {
  const inOhio: Filter = { field: 'contact.state', op: 'eq', value: 'OH' }
  expect(filtersOf('contacts', { relation: 'pledges', match: 'none', where: inOhio })).toEqual({
    all: [
      { field: 'state', op: 'eq', value: 'OH' },
      { relation: 'pledges', match: 'none' },
    ],
  })
})

test('what is asked of other rows stays with them, and so does who else is there', () => {
  const active: Filter = {
    relation: 'pledges',
    match: 'none',
    where: { field: 'campaign.status', op: 'eq', value: 'active' },
  }
  expect(filtersOf('contacts', active)).toEqual(active)
  // A donor is not the campaign that the gift came to.
  const above: Filter = {
    relation: 'donations',
    match: 'some',
    where: { field: 'contact.state', op: 'eq', value: 'OH' },
  }
  expect(filtersOf('campaigns', above)).toEqual(above)
})
