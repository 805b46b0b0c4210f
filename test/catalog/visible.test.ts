import { expect, test } from 'vitest'
import { describeCatalog } from '../../src/catalog/describe.ts'
import { loadCatalog } from '../../src/catalog/load.ts'
import { catalogToYaml } from '../../src/catalog/print.ts'
import { Catalog, Field } from '../../src/catalog/schema.ts'
import { canSeeField, visibleCatalog } from '../../src/catalog/visible.ts'

const catalog = Catalog.parse({
  version: 1,
  name: 'Staff',
  description: 'Who works here,\n  and for whom.',
  fiscalYearStart: 7,
  entities: {
    people: {
      table: 'people',
      label: 'People',
      synonyms: ['staff'],
      shared: true,
      primaryKey: ['badge'],
      displayField: 'name',
      defaultColumns: ['name', 'salary'],
      defaultDate: 'born',
      fields: {
        badge: { column: 'badge', type: 'id', label: 'Badge', roles: ['hr'] },
        name: { column: 'name', type: 'text', label: 'Name', synonyms: ['who'] },
        salary: { column: 'salary', type: 'money', label: 'Pay', currency: 'EUR', roles: ['hr', 'boss'] },
        born: { column: 'born', type: 'date', label: 'Born', sensitive: true },
        grade: {
          column: 'grade',
          type: 'enum',
          label: 'Grade',
          values: [{ value: 'a', label: 'Senior' }, { value: 'b' }],
        },
      },
      relations: { team: { to: 'teams', kind: 'to_one', on: [{ from: 'team_id', to: 'id' }], label: 'Team' } },
      metrics: {
        headcount: { label: 'Headcount', aggregate: { fn: 'count' } },
        payroll: { label: 'Payroll', aggregate: { fn: 'sum', field: 'salary' } },
        net: { label: 'Net', aggregate: { fn: 'sum', formula: 'round(salary * 0.6, 2)' } },
        well_paid: {
          label: 'Well paid',
          aggregate: { fn: 'count', where: { not: { field: 'salary', op: 'lt', value: 1 } } },
        },
      },
    },
    teams: {
      table: 'teams',
      label: 'Teams',
      shared: true,
      fields: { id: { column: 'id', type: 'id', label: 'ID' } },
      relations: { people: { to: 'people', kind: 'to_many', on: [{ from: 'id', to: 'team_id' }], label: 'People' } },
      metrics: {
        cost: { label: 'Cost', aggregate: { fn: 'sum', field: 'people.salary' } },
        seniors: {
          label: 'Seniors',
          aggregate: { fn: 'count', per: 'people', where: { field: 'grade', op: 'eq', value: 'a' } },
        },
        rich: {
          label: 'Rich',
          aggregate: { fn: 'count', per: 'people', where: { field: 'salary', op: 'gt', value: 1 } },
        },
      },
    },
  },
})

test('roles decide who sees a field; a sensitive field without roles is for admins; the rest is for everybody', () => {
  const field = (extra: object) => Field.parse({ column: 'x', type: 'text', label: 'X', ...extra })
  const seen = (extra: object, ...roles: string[]) => canSeeField(field(extra), roles)
  expect([seen({}), seen({}, 'any')]).toEqual([true, true])
  expect([seen({ roles: ['hr'] }), seen({ roles: ['hr'] }, 'admin'), seen({ roles: ['hr'] }, 'x', 'hr')]).toEqual([
    false,
    false,
    true,
  ])
  expect([seen({ sensitive: true }), seen({ sensitive: true }, 'editor'), seen({ sensitive: true }, 'admin')]).toEqual([
    false,
    false,
    true,
  ])
  expect([seen({ sensitive: true, roles: ['hr'] }, 'admin'), seen({ sensitive: true, roles: ['hr'] }, 'hr')]).toEqual([
    false,
    true,
  ])
})

test('a hidden field is gone everywhere: from fields, keys, defaults, and metrics that would tell it', () => {
  const { people, teams } = visibleCatalog(catalog, []).entities
  expect(Object.keys(people?.fields ?? {})).toEqual(['name', 'grade'])
  expect(people).toMatchObject({ primaryKey: [], displayField: 'name', defaultColumns: ['name'] })
  expect(people).not.toHaveProperty('defaultDate')
  expect(Object.keys(people?.metrics ?? {})).toEqual(['headcount'])
  expect(Object.keys(teams?.metrics ?? {})).toEqual(['seniors'])
})

test('each role sees its own part', () => {
  expect(Object.keys(visibleCatalog(catalog, ['boss']).entities.people?.fields ?? {})).toEqual([
    'name',
    'salary',
    'grade',
  ])
  expect(Object.keys(visibleCatalog(catalog, ['boss']).entities.people?.metrics ?? {})).toEqual([
    'headcount',
    'payroll',
    'net',
    'well_paid',
  ])
  expect(visibleCatalog(catalog, ['hr', 'admin'])).toBe(catalog)
})

test('equal views are one object, whatever other roles somebody has, and every view is a good catalog', () => {
  const view = visibleCatalog(catalog, ['boss'])
  expect(visibleCatalog(catalog, ['unheard-of', 'boss'])).toBe(view)
  expect(loadCatalog(catalogToYaml(view)).ok).toBe(true)
  expect(loadCatalog(catalogToYaml(visibleCatalog(catalog, []))).ok).toBe(true)
})

test('the description reads well and shows neither sensitive fields nor those of other roles', () => {
  expect(describeCatalog(catalog, { roles: ['boss', 'admin'] })).toBe(`# Staff
Who works here, and for whom.
Weeks begin on Monday; fiscal years begin in July.

## people: People (staff)
(a row is called by its name; its date is born)
- name text (who)
- salary money EUR "Pay"
- grade enum = "a" (Senior) | "b"
- team → one teams
- metric headcount = {"fn":"count"}
- metric payroll = {"field":"salary","fn":"sum"}
- metric net = {"fn":"sum","formula":"round(salary * 0.6, 2)"}
- metric well_paid = {"fn":"count","where":{"not":{"field":"salary","op":"lt","value":1}}}

## teams: Teams
- id id
- people → many people
- metric cost = {"field":"people.salary","fn":"sum"}
- metric seniors = {"fn":"count","per":"people","where":{"field":"grade","op":"eq","value":"a"}}
- metric rich = {"fn":"count","per":"people","where":{"field":"salary","op":"gt","value":1}}`)
  expect(describeCatalog(catalog)).not.toMatch(/salary|born|badge/)
  expect(describeCatalog(catalog, { entities: ['teams', 'nobody'] })).not.toContain('## people')
})
