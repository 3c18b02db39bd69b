/** Holds what the engine answered until its commit, and that of every earlier step, is on disk; then lets it out in order. */
import type { Effects, Output } from '@tandem/engine'
import type { Outlets } from './outlets.ts'

interface HeldBatch {
  readonly commitNumber: number
  readonly steps: readonly Effects[]
}

export class ReleaseQueue {
  readonly #outlets: Outlets
  #held: readonly HeldBatch[] = []
  #isShutDownComplete = false

  constructor(outlets: Outlets) {
    this.#outlets = outlets
  }

  /** The engine has said that nothing more will come. */
  get isShutDownComplete(): boolean {
    return this.#isShutDownComplete
  }

  hold(commitNumber: number, steps: readonly Effects[]): void {
    const last = this.#held.at(-1)
    if (last !== undefined && last.commitNumber > commitNumber) {
      throw new Error(`batch ${commitNumber} was held after batch ${last.commitNumber}`)
    }
    this.#held = [...this.#held, { commitNumber, steps }]
  }

  /** Everything up to this commit is on disk. */
  releaseUpTo(commitNumber: number): void {
    this.#takeUpTo(commitNumber, (output) => this.#release(output))
  }

  /**
   * Durable, but the time up to which we may speak is over: whoever waits for a command or watches is told, packets
   * and frames are not sent.
   */
  silenceUpTo(commitNumber: number): void {
    this.#takeUpTo(commitNumber, (output) => {
      if (output.kind === 'command-answered' || output.kind === 'shut-down-complete') this.#release(output)
    })
  }

  #takeUpTo(commitNumber: number, each: (output: Output) => void): void {
    while (true) {
      const [first, ...others] = this.#held
      if (first === undefined || first.commitNumber > commitNumber) return
      this.#held = others
      for (const step of first.steps) step.afterCommit.forEach(each)
      for (const step of first.steps) {
        if (step.notices.length > 0) this.#outlets.tell(first.commitNumber, step.notices)
      }
    }
  }

  #release(output: Output): void {
    switch (output.kind) {
      case 'send-datagram':
        this.#outlets.sendDatagram(output)
        break
      case 'dial-stream':
        this.#outlets.dial(output)
        break
      case 'secure-stream':
        this.#outlets.secure(output)
        break
      case 'send-frame':
        this.#outlets.sendFrame(output)
        break
      case 'close-stream':
        this.#outlets.closeStream(output)
        break
      case 'command-answered':
        this.#outlets.answerCommand(output.commandId, output.result)
        break
      case 'shut-down-complete':
        this.#isShutDownComplete = true
        break
    }
  }
}
