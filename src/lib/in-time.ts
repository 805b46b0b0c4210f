/** What work answers, or an error with this message when it takes longer; the work itself goes on. */
export async function inTime<T>(work: PromiseLike<T>, timeoutMs: number, message: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(message)), timeoutMs)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
