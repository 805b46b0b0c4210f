import { ownFile } from './own-files.ts'

/** The version of package.json. */
export const version: string = JSON.parse(ownFile('package.json')).version
