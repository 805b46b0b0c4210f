// `npm run dev`: the server, restarted when its sources change, and the web page with hot reload in front of it.
import { spawn } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const port = process.env.PORT ?? '8787'
const children = [
  spawn(
    process.execPath,
    ['--watch-path', join(root, 'src'), '--watch-preserve-output', join(root, 'bin', 'tablewright.js'), 'serve'],
    {
      cwd: root,
      stdio: 'inherit',
    },
  ),
  spawn(join(root, 'node_modules', '.bin', 'vite'), ['web'], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, API_URL: `http://127.0.0.1:${port}` },
  }),
]
const stop = () => {
  for (const child of children) child.kill()
}
process.on('SIGINT', stop)
process.on('SIGTERM', stop)
for (const child of children) child.on('exit', stop)
