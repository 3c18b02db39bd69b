/** Starts the API and the console on the configured listener; the one way in for the command line. */
import { Server as HttpsServer } from 'node:https'
import { DiscoveryService, NestFactory } from '@nestjs/core'
import type { LoggerService } from '@nestjs/common'
import type { NestExpressApplication } from '@nestjs/platform-express'
import { API_PREFIX } from '@tandem/api-contract'
import { AccountSharingWork } from '../account-sharing.ts'
import { appModule } from '../app.module.ts'
import { channelSource } from '../channel-source.ts'
import type { ApiListener } from '../configuration/server-configuration.ts'
import { TableComparisons } from '../leases/table-comparison/table-comparisons.ts'
import { WebhookDeliveries } from '../lease-events/webhook-deliveries.ts'
import { LiveAdapter } from '../live/live-adapter.ts'
import type { Log } from '../observability/log.ts'
import { logCertificates } from '../observability/certificate-log.ts'
import { createMetrics, type Metrics } from '../observability/metrics/metrics.ts'
import { logNotices } from '../observability/notice-log.ts'
import { PartnerChannels } from '../partner-channel/partner-channels.ts'
import { RelationshipReader } from '../relationships/relationship-reader.ts'
import { PoolTrends } from '../pools/pool-trends.ts'
import { Access } from '../sessions/access.ts'
import { SetUpToken } from '../sessions/set-up-token.ts'
import { SignInCodes } from '../sessions/sign-in-codes.ts'
import { operatorExists } from '../storage/operators.queries.ts'
import { serveApiDocs } from './api-docs.ts'
import { authenticateRequests } from './authenticate-requests.ts'
import { CONSOLE_FOLDER, serveConsole } from './console-files.ts'
import { consoleTlsOf, ConsoleTlsUnusable } from './console-tls.ts'
import type { ConsoleTlsFiles, TlsTexts } from './console-tls.ts'
import { CHECK_READER } from './check-reader.ts'
import type { CheckReader } from './check-reader.ts'
import { checkDeclaredRoutes } from './declared-routes.ts'
import type { ApiOptions } from './injection-tokens.ts'
import { RequestLimits } from './request-limits.ts'
import { neverStored, securityHeaders } from './security-headers.ts'
import { serveMetrics } from './serve-metrics.ts'

export type { ApiOptions, ServerFacts } from './injection-tokens.ts'

export interface RunningApi {
  /** `http://127.0.0.1:8067`, as a browser opens it. */
  readonly url: string
  close(): Promise<void>
}

/** Its message is one clear sentence for the person who starts the server. */
export class ApiNotStarted extends Error {}

const BODY_MAX = '64kb'

export async function startApi(options: ApiOptions): Promise<RunningApi> {
  const { api, name } = options.configuration.node
  insistOnLoopbackOrTls(api)
  const tls = consoleTlsOf(api, name, options.log, Date.now)
  const httpsOptions = tls === undefined ? undefined : await loadTls(tls)
  const channels = new PartnerChannels({ ...options, clock: Date.now })
  const module = appModule(options, { consoleCertificate: () => tls?.certificate, channels })
  const application = await NestFactory.create<NestExpressApplication>(module, {
    bodyParser: false,
    forceCloseConnections: true,
    abortOnError: false,
    logger: nestLog(options.log),
    ...(httpsOptions === undefined ? {} : { httpsOptions }),
  })
  const metrics = createMetrics({
    engineService: options.engineService,
    version: options.serverFacts.version,
    serverName: name,
    startedAtMs: options.serverFacts.startedAtMs,
    keaNames: options.configuration.node.metrics.keaNames,
    forecasts: (pool, view) => application.get(PoolTrends).forecasts(pool, view),
    webhooks: () => application.get(WebhookDeliveries).figures(),
    comparisons: () => application.get(TableComparisons).findings(),
  })
  assemble(application, options, metrics)
  await application.init()
  const controllers = application.get(DiscoveryService).getControllers()
  checkDeclaredRoutes(controllers.map(({ instance }) => instance as object))
  const url = await listen(application, api)
  const accounts = new AccountSharingWork(options.consoleDatabase, application.get(Access), options.log)
  await channels.start(
    channelSource(options, application.get(RelationshipReader), application.get(PoolTrends), {
      accounts,
      codes: application.get(SignInCodes),
      checks: application.get<CheckReader>(CHECK_READER),
    }),
    async (partnerName, told) => accounts.takeOver(partnerName, told),
  )
  const stopLog = logNotices(options.engineService, options.log, Date.now)
  const stopTls = tls === undefined ? undefined : watchTls(application, tls)
  const stopCertificateLog = logCertificates(options.engineService, options.log, Date.now)
  if (!(await operatorExists(options.consoleDatabase)))
    announceSetUp(application.get(SetUpToken), options.log, url, name)
  return {
    url,
    close: async () => {
      stopLog()
      stopCertificateLog()
      stopTls?.()
      metrics.close()
      await Promise.all([channels.stop(), accounts.stop()])
      await application.close()
    },
  }
}

/** In this order: headers, sign-in for all of /api, bodies, metrics, documents, then Nest's routes, then the console. */
function assemble(application: NestExpressApplication, options: ApiOptions, metrics: Metrics): void {
  const { node } = options.configuration
  const ownTls = node.api.tls !== undefined
  const access = application.get(Access)
  const limits = new RequestLimits(options.clock ?? Date.now)
  application.disable('x-powered-by')
  application.set('query parser', 'simple')
  application.use(securityHeaders(ownTls))
  application.use('/api', neverStored)
  application.use('/api', authenticateRequests(access, limits, ownTls))
  application.useBodyParser('json', { limit: BODY_MAX })
  serveMetrics(application, { metrics, access, limits, isOpen: node.metrics.isOpen })
  serveApiDocs(application, { version: options.serverFacts.version, serverName: node.name })
  serveConsole(application, options.consoleFolder ?? CONSOLE_FOLDER)
  application.setGlobalPrefix(API_PREFIX)
  application.useWebSocketAdapter(new LiveAdapter(application, access, limits, ownTls))
}

const LOOPBACK = /^(127(\.\d{1,3}){3}|::1|localhost)$/

function insistOnLoopbackOrTls({ host, port, tls }: ApiListener): void {
  if (tls !== undefined || LOOPBACK.test(host)) return
  throw new ApiNotStarted(
    `The console may not listen on ${host} port ${port} without TLS, since passwords would cross the network in the ` +
      'clear. Give it a certificate (node.api.tls with certificate and key, or with selfMade for one that the server makes), ' +
      'or let it listen on 127.0.0.1 (node.api.listen).',
  )
}

const LOOK_INTERVAL_MS = 60_000

/** New files are in force for the next connection. */
function watchTls(application: NestExpressApplication, files: ConsoleTlsFiles): () => void {
  const look = async (): Promise<void> => {
    const texts = await files.look()
    const server: unknown = application.getHttpServer()
    if (texts !== undefined && server instanceof HttpsServer) server.setSecureContext(texts)
  }
  const timer = setInterval(() => void look(), LOOK_INTERVAL_MS)
  return () => clearInterval(timer)
}

async function loadTls(files: ConsoleTlsFiles): Promise<TlsTexts & { readonly minVersion: 'TLSv1.2' }> {
  try {
    return { ...(await files.load()), minVersion: 'TLSv1.2' }
  } catch (error) {
    throw error instanceof ConsoleTlsUnusable ? new ApiNotStarted(error.message) : error
  }
}

async function listen(application: NestExpressApplication, { host, port, tls }: ApiListener): Promise<string> {
  const scheme = tls === undefined ? 'http' : 'https'
  const at = host.includes(':') ? `[${host}]` : host
  try {
    await application.listen(port, host)
  } catch (error) {
    await application.close()
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new ApiNotStarted(
      code === 'EADDRINUSE'
        ? `Port ${port} on ${host} is taken by another program: stop it, or change node.api.listen.`
        : `The console cannot listen on ${host} port ${port} (${code}): change node.api.listen.`,
    )
  }
  const address: unknown = application.getHttpServer().address()
  const bound = typeof address === 'object' && address !== null && 'port' in address ? Number(address.port) : port
  return `${scheme}://${at}:${bound}`
}

/** On a line of its own, so that a script and a person find it. */
function announceSetUp(token: SetUpToken, log: Log, url: string, serverName: string): void {
  log.write(
    'warning',
    'SETUP_TOKEN',
    `${serverName} has no operator yet: open ${url} and make the first administrator`,
    {
      token: token.issue(),
    },
  )
}

/** Nest's own words: only what went wrong is worth a line. */
function nestLog(log: Log): LoggerService {
  const silent = (): void => undefined
  return {
    log: silent,
    debug: silent,
    verbose: silent,
    warn: (message: unknown) => log.write('warning', 'API_FRAMEWORK', String(message)),
    error: (message: unknown) => log.write('error', 'API_FRAMEWORK', String(message)),
    fatal: (message: unknown) => log.write('error', 'API_FRAMEWORK', String(message)),
  }
}
