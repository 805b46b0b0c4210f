import { useState } from 'react'

/** What was chosen in a dialog and could not be done, and why. */
export type TakenBackChoice<Choice> = { readonly choice: Choice; readonly error: unknown }

/** A dialog that closes as soon as something is chosen in it, and opens again with the choice where that could not be done. */
export function useTakenBackChoice<Choice>() {
  const [open, setOpen] = useState(false)
  const [failed, setFailed] = useState<TakenBackChoice<Choice>>()
  return {
    open,
    failed,
    show: () => setOpen(true),
    close: () => {
      setOpen(false)
      setFailed(undefined)
    },
    /** Closes it; gives what becomes of it when the change has its answer. */
    chosen: (choice: Choice) => {
      setOpen(false)
      return {
        onSuccess: () => setFailed(undefined),
        onError: (error: unknown) => {
          setFailed({ choice, error })
          setOpen(true)
        },
      }
    },
  }
}
