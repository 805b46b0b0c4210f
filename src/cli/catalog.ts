import { Command } from 'commander'
import { readConfig } from '../config.ts'
import type { Io } from './io.ts'

const HELP = `
Examples:
  tablewright catalog check --catalog catalog.yaml
  CATALOG=catalog.yaml tablewright catalog check`

/** `tablewright catalog check`: whether a catalog file is right, and whose tables it would break. */
export function catalogCommand(io: Io): Command {
  const check = new Command('check')
    .description('Check a catalog file, and which saved tables it would break')
    .option('--catalog <file>', "the file (default: CATALOG, or the demo's)")
    .addHelpText('after', HELP)
    .option('--repair', 'mend the saved tables where it is clear what is meant')
    .action(async (options: { catalog?: string; repair?: true }) => {
      const config = readConfig()
      const path = options.catalog ?? config.catalogPath ?? new URL('../../demo/catalog.yaml', import.meta.url)
      const { catalogFromFile } = await import('../open-catalog.ts')
      const catalog = await catalogFromFile(path)
      const { entities } = catalog
      const count = (part: 'fields' | 'relations' | 'metrics') =>
        Object.values(entities).reduce((sum, entity) => sum + Object.keys(entity[part]).length, 0)
      const parts = [
        `${Object.keys(entities).length} entities`,
        `${count('fields')} fields`,
        `${count('relations')} relations`,
        `${count('metrics')} metrics`,
      ]
      io.out(`${io.style.accent('✓')} The catalog is fine: ${parts.join(', ')}\n`)
      const { checkSaved } = await import('./catalog-saved.ts')
      await checkSaved(io, config, catalog, options.repair === true)
    })
  return new Command('catalog').description('Work on catalog files').addCommand(check)
}
