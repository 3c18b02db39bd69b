/** What Nest's classes are given: the process's parts, each under a token, and the form of the options that bring them. */
import type { ServerConfiguration } from '../configuration/server-configuration.ts'
import type { EngineService } from '../engine/engine-service.ts'
import type { Log } from '../observability/log.ts'
import type { ConsoleDatabase } from '../storage/console-database.ts'

/** What only the start knows. */
export interface ServerFacts {
  readonly version: string
  /** Hexadecimal. */
  readonly duid: string
  readonly configurationRevision: number
  readonly startedAtMs: number
}

export interface ApiOptions {
  readonly configuration: ServerConfiguration
  readonly engineService: EngineService
  readonly consoleDatabase: ConsoleDatabase
  readonly serverFacts: ServerFacts
  readonly log: Log
  /** Where the built console lies; the workspace's own unless a test says otherwise. */
  readonly consoleFolder?: string
  /** Of the limits on requests; the system's own unless a test says otherwise. */
  readonly clock?: () => number
}

export const CONFIGURATION = Symbol('configuration')
export const ENGINE_SERVICE = Symbol('engine service')
export const CONSOLE_DATABASE = Symbol('console database')
export const SERVER_FACTS = Symbol('server facts')
export const LOG = Symbol('log')
