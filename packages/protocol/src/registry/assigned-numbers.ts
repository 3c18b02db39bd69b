/** The shape of every registry here: one list of rows, read as constants, as code → name and as name → code. */

export type AssignedRows = Readonly<Record<string, readonly [code: number, name: string]>>

export type CodesOf<Rows extends AssignedRows> = { readonly [Key in keyof Rows]: Rows[Key][0] }

export interface AssignedNumbers<Rows extends AssignedRows> {
  readonly codes: CodesOf<Rows>
  nameOf(code: number): string | undefined
  codeOf(name: string): number | undefined
}

export function assignedNumbers<const Rows extends AssignedRows>(rows: Rows): AssignedNumbers<Rows> {
  const codes: Record<string, number> = {}
  const nameByCode = new Map<number, string>()
  const codeByName = new Map<string, number>()
  for (const [key, [code, name]] of Object.entries(rows)) {
    if (nameByCode.has(code) || codeByName.has(name)) throw new Error(`${name} (${code}) is listed twice`)
    codes[key] = code
    nameByCode.set(code, name)
    codeByName.set(name, code)
  }
  return {
    // The loop above filled exactly the keys of `rows`, each with its own code.
    codes: codes as CodesOf<Rows>,
    nameOf: (code) => nameByCode.get(code),
    codeOf: (name) => codeByName.get(name),
  }
}
