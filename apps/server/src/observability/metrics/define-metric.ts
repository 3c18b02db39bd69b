/** Metrics whose values are counted elsewhere: each scrape takes them as they are then. */
import { Counter, Gauge, type Registry } from 'prom-client'

export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export interface MetricDefinition {
  readonly name: string
  readonly help: string
  readonly labels: readonly string[]
}

type Read = () => readonly Sample[]

export function defineGauge(registry: Registry, { name, help, labels }: MetricDefinition, read: Read): void {
  new Gauge({
    name,
    help,
    labelNames: labels,
    registers: [registry],
    collect() {
      this.reset()
      for (const sample of read()) this.set(sample.labels, sample.value)
    },
  })
}

/** `read` gives totals since the process started. */
export function defineCounter(registry: Registry, { name, help, labels }: MetricDefinition, read: Read): void {
  new Counter({
    name,
    help,
    labelNames: labels,
    registers: [registry],
    collect() {
      this.reset()
      for (const sample of read()) this.inc(sample.labels, sample.value)
    },
  })
}
