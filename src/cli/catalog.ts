import { Command } from 'commander'
import { readConfig } from '../config.ts'
import type { Io } from './io.ts'

const HELP = `
Examples:
  tablewright catalog check --catalog catalog.yaml
  CATALOG=catalog.yaml tablewright catalog check`

/** `tablewright catalog check`: whether a catalog file is right. */
export function catalogCommand(io: Io): Command {
  const check = new Command('check')
    .description('Check a catalog file: every problem, each with its line')
    .option('--catalog <file>', "the file (default: CATALOG, or the demo's)")
    .addHelpText('after', HELP)
    .action(async (options: { catalog?: string }) => {
      const path = options.catalog ?? readConfig().catalogPath ?? new URL('../../demo/catalog.yaml', import.meta.url)
      const { catalogFromFile } = await import('../open-catalog.ts')
      const { entities } = await catalogFromFile(path)
      const count = (part: 'fields' | 'relations' | 'metrics') =>
        Object.values(entities).reduce((sum, entity) => sum + Object.keys(entity[part]).length, 0)
      const parts = [
        `${Object.keys(entities).length} entities`,
        `${count('fields')} fields`,
        `${count('relations')} relations`,
        `${count('metrics')} metrics`,
      ]
      io.out(`${io.style.accent('✓')} The catalog is fine: ${parts.join(', ')}\n`)
    })
  return new Command('catalog').description('Work on catalog files').addCommand(check)
}
