import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { lockDataDir } from '../../src/db/data-lock.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tablewright-lock-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

describe('the lock of a data folder', () => {
  test('a second taker is told who holds it and how to go on, and may take it once it is released', async () => {
    const lock = await lockDataDir(dir)
    await expect(lockDataDir(dir)).rejects.toMatchObject({
      code: 'data_in_use',
      message: `Cannot open the data folder "${dir}": process ${process.pid} uses it`,
      fix: 'stop that process, or set DATA_DIR to another folder',
    })
    lock.release()
    const again = await lockDataDir(dir)
    again.release()
  })

  test('a lock left by a process that was killed is taken over', async () => {
    const child = spawn(process.execPath, ['-e', ''])
    await new Promise((done) => child.on('exit', done))
    await writeFile(join(dir, 'tablewright.lock'), JSON.stringify({ pid: child.pid, started: '1' }))
    const lock = await lockDataDir(dir)
    lock.release()
  })

  test('a lock whose process number belongs to another process now is taken over', async () => {
    await writeFile(join(dir, 'tablewright.lock'), JSON.stringify({ pid: process.pid, started: 'long ago' }))
    const lock = await lockDataDir(dir)
    lock.release()
  })

  test('a lock that was only half written is taken over', async () => {
    await writeFile(join(dir, 'tablewright.lock'), '{"pid": 12')
    const lock = await lockDataDir(dir)
    lock.release()
  })
})
