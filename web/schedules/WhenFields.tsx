import { useMemo } from 'react'
import { readerOptions } from '../api/generate.ts'
import forms from '../ui/form.module.css'
import { capital, type Nth, weekdays } from './draft.ts'
import { Problem, type Section } from './Section.tsx'
import styles from './schedules.module.css'
import { zoneChoices } from './when.ts'

const FREQUENCIES = { daily: 'Daily', weekly: 'Weekly', monthly: 'Monthly' } as const
const NTHS = { 1: 'first', 2: 'second', 3: 'third', 4: 'fourth', last: 'last' } as const
const DAYS = Array.from({ length: 31 }, (_, index) => index + 1)
/** From here on a month may be too short. */
const SURE_DAYS = 28

/** How often, on which days, at what time of which clock, from when until when. */
export function WhenFields({ draft, set, problems }: Section) {
  const { frequency, daysOfWeek } = draft
  return (
    <fieldset className={styles.section}>
      <legend>When</legend>
      <div className={styles.segments}>
        {Object.entries(FREQUENCIES).map(([id, label]) => (
          <label key={id} className={styles.segment}>
            <input
              type="radio"
              name="frequency"
              checked={frequency === id}
              onChange={() => set({ frequency: id as typeof frequency })}
            />
            {label}
          </label>
        ))}
      </div>
      {frequency === 'weekly' && (
        <fieldset className={styles.days} aria-describedby={problems.daysOfWeek && 'problem-daysOfWeek'}>
          <legend className="visually-hidden">Days of the week</legend>
          {weekdays.map((day, index) => (
            <label key={day} className={styles.day}>
              <input
                type="checkbox"
                id={index === 0 ? 'schedule-daysOfWeek' : undefined}
                aria-label={capital(day)}
                checked={daysOfWeek.includes(day)}
                onChange={({ target }) =>
                  set({
                    daysOfWeek: target.checked ? [...daysOfWeek, day] : daysOfWeek.filter((other) => other !== day),
                  })
                }
              />
              {capital(day).slice(0, 3)}
            </label>
          ))}
          <Problem part="daysOfWeek" problems={problems} />
        </fieldset>
      )}
      {frequency === 'monthly' && <Monthly draft={draft} set={set} problems={problems} />}
      <div className={styles.pair}>
        <label className={forms.field}>
          Time
          <input
            id="schedule-time"
            className={forms.input}
            type="time"
            required
            value={draft.time}
            aria-invalid={problems.time !== undefined}
            onChange={({ target }) => set({ time: target.value })}
          />
          <Problem part="time" problems={problems} />
        </label>
        <ZoneField zone={draft.timezone} onChange={(timezone) => set({ timezone })} />
      </div>
      <div className={styles.pair}>
        <label className={forms.field}>
          First day (optional)
          <input
            className={forms.input}
            type="date"
            value={draft.startsOn}
            onChange={({ target }) => set({ startsOn: target.value })}
          />
        </label>
        <label className={forms.field}>
          Last day (optional)
          <input
            id="schedule-endsOn"
            className={forms.input}
            type="date"
            value={draft.endsOn}
            aria-invalid={problems.endsOn !== undefined}
            aria-describedby={problems.endsOn && 'problem-endsOn'}
            onChange={({ target }) => set({ endsOn: target.value })}
          />
          <Problem part="endsOn" problems={problems} />
        </label>
      </div>
    </fieldset>
  )
}

function Monthly({ draft, set }: Section) {
  const { monthlyBy, dayOfMonth, nth, weekday } = draft
  const select = `${forms.input} ${styles.short}`
  return (
    <div className={styles.monthly}>
      <div className={styles.row}>
        <label className={styles.check}>
          <input
            type="radio"
            name="monthlyBy"
            checked={monthlyBy === 'day'}
            onChange={() => set({ monthlyBy: 'day' })}
          />
          On day
        </label>
        <select
          className={select}
          aria-label="Day of the month"
          value={dayOfMonth}
          onChange={({ target: { value } }) =>
            set({ monthlyBy: 'day', dayOfMonth: value === 'last' ? 'last' : Number(value) })
          }
        >
          {DAYS.map((day) => (
            <option key={day}>{day}</option>
          ))}
          <option value="last">the last day</option>
        </select>
      </div>
      {monthlyBy === 'day' && dayOfMonth !== 'last' && dayOfMonth > SURE_DAYS && (
        <p className={forms.about}>Shorter months take their last day.</p>
      )}
      <div className={styles.row}>
        <label className={styles.check}>
          <input
            type="radio"
            name="monthlyBy"
            checked={monthlyBy === 'weekday'}
            onChange={() => set({ monthlyBy: 'weekday' })}
          />
          On the
        </label>
        <select
          className={select}
          aria-label="Which one of the month"
          value={nth}
          onChange={({ target: { value } }) =>
            set({ monthlyBy: 'weekday', nth: value === 'last' ? 'last' : (Number(value) as Nth) })
          }
        >
          {Object.entries(NTHS).map(([id, word]) => (
            <option key={id} value={id}>
              {word}
            </option>
          ))}
        </select>
        <select
          className={select}
          aria-label="Weekday of the month"
          value={weekday}
          onChange={({ target }) => set({ monthlyBy: 'weekday', weekday: target.value as typeof weekday })}
        >
          {weekdays.map((day) => (
            <option key={day} value={day}>
              {capital(day)}
            </option>
          ))}
        </select>
      </div>
    </div>
  )
}

function ZoneField({ zone, onChange }: { zone: string; onChange: (zone: string) => void }) {
  const { near, regions } = useMemo(() => zoneChoices([zone, readerOptions.timezone, 'UTC']), [zone])
  return (
    <label className={forms.field}>
      Time zone
      <select className={forms.input} value={zone} onChange={({ target }) => onChange(target.value)}>
        {near.map((one) => (
          <option key={one} value={one}>
            {one.replaceAll('_', ' ')}
          </option>
        ))}
        {regions.map(([region, zones]) => (
          <optgroup key={region} label={region}>
            {zones.map((one) => (
              <option key={one} value={one}>
                {one.replaceAll('_', ' ')}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </label>
  )
}
