/** The text form of a story: blocks of what is done, `----`, what then happened; blocks are parted by an empty line. */

export interface ScenarioBlock {
  /** What stands above the rule, as it was written. */
  readonly source: readonly string[]
  readonly commands: readonly string[]
  readonly transcript: readonly string[]
}

const RULE = '----'

export function parseScenario(text: string): readonly ScenarioBlock[] {
  return text
    .trim()
    .split(/\n\s*\n/)
    .map((block) => {
      const lines = block.split('\n').map((line) => line.trimEnd())
      const ruleAt = lines.indexOf(RULE)
      const before = ruleAt < 0 ? lines : lines.slice(0, ruleAt)
      return {
        source: before,
        commands: before
          .filter((line) => !line.startsWith('#'))
          .flatMap((line) => line.split(';'))
          .map((command) => command.trim()),
        transcript: ruleAt < 0 ? [] : lines.slice(ruleAt + 1),
      }
    })
}

export function formatScenario(blocks: readonly ScenarioBlock[]): string {
  return `${blocks.map(formatBlock).join('\n\n')}\n`
}

/** A block of nothing but remarks has no transcript. */
function formatBlock({ source, commands, transcript }: ScenarioBlock): string {
  return (commands.length === 0 ? source : [...source, RULE, ...transcript]).join('\n')
}
