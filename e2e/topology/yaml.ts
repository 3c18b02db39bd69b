/** Plain values as YAML text, block by block, the way a person would write a configuration. */

export type YamlValue =
  | string
  | number
  | boolean
  | readonly YamlValue[]
  | { readonly [key: string]: YamlValue | undefined }

export function toYaml(value: YamlValue, indent = ''): string {
  if (isList(value)) {
    return value.map((item) => `${indent}- ${toYaml(item, `${indent}  `).trimStart()}`).join('')
  }
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([key, item]) => (item === undefined ? '' : `${indent}${key}:${afterMark(item, `${indent}  `)}`))
      .join('')
  }
  return `${indent}${scalar(value)}\n`
}

function afterMark(value: YamlValue, indent: string): string {
  if (typeof value !== 'object') return ` ${scalar(value)}\n`
  if (isList(value) && value.length === 0) return ' []\n'
  return `\n${toYaml(value, indent)}`
}

/** Quoted where YAML might read something else into the text, as it would into an address. */
function scalar(value: string | number | boolean): string {
  return typeof value === 'string' && !/^[A-Za-z][A-Za-z0-9./-]*$/.test(value) ? JSON.stringify(value) : String(value)
}

function isList(value: YamlValue): value is readonly YamlValue[] {
  return Array.isArray(value)
}
