import { expect, test } from 'vitest'
import { ScheduleConfig } from '../../src/schedules/config.ts'
import { configOf, draftOf, newDraft, previewOf, problemsOf } from '../../web/schedules/draft.ts'
import { addressed, choicesFor, outsideOf, type People } from '../../web/schedules/recipients.ts'
import { aheadText, zoneChoices } from '../../web/schedules/when.ts'

const base = { recipients: [{ user: 'u1' }, 'press@paper.example'], allowOutside: true, format: 'pdf' }

test.each([
  { frequency: 'daily' },
  { frequency: 'daily', startsOn: '2026-01-01', endsOn: '2026-12-31', paused: true },
  { frequency: 'weekly', daysOfWeek: ['monday', 'friday'], time: '23:45', timezone: 'Asia/Kathmandu' },
  { frequency: 'monthly', dayOfMonth: 'last', subject: 'The month', message: 'Line one\nline two' },
  { frequency: 'monthly', dayOfMonth: 31, linkAboveMb: 0.5 },
  { frequency: 'monthly', weekdayOfMonth: { nth: 'last', weekday: 'friday' }, condition: { kind: 'changed' } },
  { frequency: 'daily', condition: { kind: 'threshold', column: 'raised', op: 'lt', value: '10.50', in: 'total' } },
])('a schedule comes through the form as it was: %j', (part) => {
  const config = ScheduleConfig.parse({ ...base, ...part })
  const draft = draftOf(config)
  expect(problemsOf(draft, 1)).toEqual({})
  expect(ScheduleConfig.parse(configOf(draft))).toEqual(config)
})

test('what is not done is named by its field, and its times are previewed all the same', () => {
  const fresh = newDraft('u1', 'Europe/Berlin')
  expect(problemsOf(fresh, 0)).toEqual({})
  const empty = { ...fresh, recipients: [], conditionKind: 'threshold' as const, linkAboveMb: '' }
  expect(Object.keys(problemsOf(empty, 0))).toEqual(['recipients', 'column', 'value', 'linkAboveMb'])
  expect(ScheduleConfig.parse(previewOf(empty, 'u1'))).toMatchObject({
    recipients: [{ user: 'u1' }],
    condition: { kind: 'always' },
  })
  expect(previewOf({ ...fresh, daysOfWeek: [] }, 'u1')).toBeUndefined()
  expect(Object.keys(problemsOf({ ...fresh, startsOn: '2026-02-02', endsOn: '2026-02-01' }, 2))).toEqual([
    'endsOn',
    'allowOutside',
  ])
})

test('recipients are found by name, and an address of a member is that member', () => {
  const person = { role: 'editor', columnRoles: [], teamIds: ['t1'] } as const
  const people: People = {
    people: [
      { ...person, id: 'u1', name: 'Ana Ruiz', email: 'Ana@home.example', columnRoles: [], teamIds: ['t1'] },
      { ...person, id: 'u2', name: 'Ben Anand', email: null, columnRoles: [], teamIds: [] },
    ],
    teams: [{ id: 't1', name: 'Analysts' }],
  }
  expect(choicesFor('ana', people, []).map(({ label }) => label)).toEqual(['Analysts', 'Ana Ruiz', 'Ben Anand'])
  expect(choicesFor('ana', people, [{ user: 'u1' }]).map(({ label }) => label)).toEqual(['Analysts', 'Ben Anand'])
  expect(choicesFor('new@else.example', people, [])).toMatchObject([{ recipient: 'new@else.example', outside: true }])
  expect(addressed('ana@HOME.example', people)).toEqual({ user: 'u1' })
  expect(outsideOf(['ana@home.example', 'new@else.example', { team: 't1' }], people)).toEqual(['new@else.example'])
})

test('how far a run is away is counted in days of its own clock', () => {
  const now = new Date('2026-03-01T22:30:00Z')
  expect(aheadText('2026-03-01T23:30:00Z', 'UTC', now)).toBe('today')
  expect(aheadText('2026-03-02T23:30:00Z', 'UTC', now)).toBe('tomorrow')
  expect(aheadText('2026-03-01T23:30:00Z', 'Europe/Berlin', now)).toBe('tomorrow')
  expect(aheadText('2026-06-01T08:00:00Z', 'UTC', now)).toBe('in 3 months')
})

test('no time zone is offered twice, under whatever name it was saved', () => {
  for (const saved of ['America/New_York', 'US/Eastern', 'Asia/Kolkata', 'Etc/UTC']) {
    const { near, regions } = zoneChoices([saved, 'America/New_York', 'UTC'])
    expect(near[0]).toBe(saved)
    const zones = [...near, ...regions.flatMap(([, some]) => some)]
    const names = zones.map((timeZone) => new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone)
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
  }
})
