/** Writes the contract's copy anew: `node --conditions=source tooling/failover-states/write-transition-table.ts`, then format it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { workspaceRoot } from '../source-files.ts'
import { engineStates } from './engine-states.ts'
import { tableText, WRITTEN_FILE } from './written-states.ts'

writeFileSync(join(workspaceRoot, WRITTEN_FILE), tableText(engineStates()))
