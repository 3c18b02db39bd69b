/** Prisma compiles its queries in WebAssembly, and with the V8 of Node 24 the removal of such code may end the process (decision 0125). */
import { setFlagsFromString } from 'node:v8'

/** For the whole process, from now on; before any WebAssembly is compiled. What is kept are some megabytes. */
export function keepWasmCode(): void {
  setFlagsFromString('--no-wasm-code-gc')
}
