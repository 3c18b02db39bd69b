/** Reads YAML and remembers on which line each value stands. */
import { isCollection, isMap, isPair, isScalar, LineCounter, parseDocument, type Document } from 'yaml'

export type FieldPath = readonly (string | number)[]

export interface YamlSource {
  readonly value: unknown
  readonly syntaxErrors: readonly { readonly line: number; readonly message: string }[]
  /** The line of the field, or of the nearest thing around it that exists. */
  lineOf(path: FieldPath): number
}

export function readYaml(text: string): YamlSource {
  const counter = new LineCounter()
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, uniqueKeys: true })
  const syntaxErrors = document.errors.map((error) => ({
    line: counter.linePos(error.pos[0]).line,
    message: error.message,
  }))
  const value: unknown = syntaxErrors.length > 0 ? undefined : document.toJS({ maxAliasCount: 100 })
  return { value, syntaxErrors, lineOf: (path) => counter.linePos(offsetOf(document, path)).line || 1 }
}

function offsetOf(document: Document, path: FieldPath): number {
  let node: unknown = document.contents
  let offset = 0
  for (const step of path) {
    const next = stepInto(node, step)
    if (next === undefined) break
    node = next.value
    offset = next.offset ?? offset
  }
  return offset
}

/** A key's own line for maps, so that a wrong key and a wrong value are found alike. */
function stepInto(
  node: unknown,
  step: string | number,
): { readonly value: unknown; readonly offset: number | undefined } | undefined {
  if (isMap(node)) {
    const pair = node.items.find(
      (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(step),
    )
    if (pair === undefined) return undefined
    return { value: pair.value, offset: isScalar(pair.key) ? pair.key.range?.[0] : undefined }
  }
  if (isCollection(node) && typeof step === 'number') {
    const item: unknown = node.items[step]
    if (item === undefined) return undefined
    return { value: item, offset: rangeStart(item) }
  }
  return undefined
}

function rangeStart(item: unknown): number | undefined {
  return isCollection(item) || isScalar(item) ? item.range?.[0] : undefined
}
