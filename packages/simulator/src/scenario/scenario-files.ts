/** Where the pinned stories lie. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

const folder = new URL('../scenarios/', import.meta.url)

export function scenarioNames(): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.scenario.txt'))
    .toSorted()
}

export function readScenario(name: string): string {
  return readFileSync(new URL(name, folder), 'utf8')
}

export function writeScenario(name: string, text: string): void {
  writeFileSync(new URL(name, folder), text)
}
