// Whose work this tab keeps: what is begun by one person is shown to nobody else, whoever uses the tab after them.
let owner = ''

/** The organization and person whose work is kept and shown now; a visitor is nobody. */
export const currentOwner = (): string => owner

/** Whether it is the person themself whose work is kept now. */
export const isOwner = (person: string | undefined): boolean => person !== undefined && owner.endsWith(` ${person}`)

export function workAs(next: string): void {
  owner = next
}
