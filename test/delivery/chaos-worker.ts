// A worker in a process of its own, so that it can be killed. Its clock runs faster than ours: minutes become moments.
import { readFileSync } from 'node:fs'
import { smtpSender } from '../../src/delivery/smtp.ts'
import { sweep } from '../../src/delivery/sweep.ts'
import { startWorker } from '../../src/jobs/worker.ts'
import { serviceAt } from '../setup/service.ts'

const [url = '', smtpUrl = '', begun = '', speed = '', clock = ''] = process.argv.slice(2)
const service = await serviceAt(url)
// With a file it can be carried on by whoever writes it: "the time it was set to, when it was set".
const now = () => {
  const [base = begun, at = begun] = clock === '' ? [] : readFileSync(clock, 'utf8').split(' ')
  return new Date(Number(base) + (Date.now() - Number(at)) * Number(speed))
}
const worker = await startWorker({
  ctx: { ...service.ctx, now },
  store: service.store,
  config: service.config,
  mailer: { from: 'tables@example.org', send: smtpSender(smtpUrl, { answerTimeoutMs: 3000 }) },
  pollSeconds: 0.5,
})
console.log('working')
// Signals are taken by what cleans up after databases of tests; the end of the input tells this one to stop.
process.stdin.resume().on('end', async () => {
  clearInterval(looks)
  await worker.close()
  await service.close()
  process.exit(0)
})
let looking = false
const looks = setInterval(async () => {
  if (looking) return
  looking = true
  await sweep(worker.ctx).catch((error) => console.error(error))
  looking = false
}, 300)
