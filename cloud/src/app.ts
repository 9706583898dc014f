import { Server as TlsServer } from 'node:tls';
import type { Log } from '@tagtrail/shared/log/log.js';
import { type Random, randomBytes } from '@tagtrail/shared/random/random.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import Fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { type Api, createContext } from './api/context.js';
import { createFairness, type FairnessLimits } from './api/fairness.js';
import { registerHardening } from './api/hardening.js';
import { registerHealth } from './api/health-routes.js';
import { registerOpenApi } from './api/openapi.js';
import { registerProblemAnswers } from './api/problem-answer.js';
import { registerTextCheck } from './api/request-text.js';
import { registerRequestTrace } from './api/request-trace.js';
import { collectRoutes, type RouteList } from './api/route-list.js';
import { registerWebFiles } from './api/web-files.js';
import { registerAssetRoutes } from './assets/asset-routes.js';
import { registerAttentionRoutes } from './attention/attention-routes.js';
import { createPasswordHash } from './auth/password-hash.js';
import { createPasswordSignIn, type PasswordSignIn } from './auth/password-sign-in.js';
import type { SignInDeps } from './auth/sign-in.js';
import { registerSignIn, registerSignInRoutes } from './auth/sign-in-routes.js';
import { createSignInThrottle } from './auth/sign-in-throttle.js';
import { registerCabinetRoutes } from './cabinets/cabinet-routes.js';
import type { CabinetReach } from './cabinets/create-cabinet.js';
import type { CutOff } from './cabinets/revoke-cabinet.js';
import { registerEnrolmentRoutes, registerRedemption } from './enrolment/enrolment-routes.js';
import { registerEntryRoutes } from './entries/entry-routes.js';
import { registerExportRoutes } from './export/export-routes.js';
import { registerKitRoutes } from './kits/kit-routes.js';
import { type Live, startLive } from './live/live.js';
import { registerLossRoutes } from './losses/loss-routes.js';
import type { StageCounts } from './metrics/stage-book.js';
import { registerNoticeRoutes } from './notices/notice-routes.js';
import { registerOffBoardingRoutes } from './off-boarding/off-boarding-routes.js';
import { registerOrderRoutes } from './orders/order-routes.js';
import { registerOverviewRoutes } from './overview/overview-routes.js';
import { registerPersonRightsRoutes } from './people/person-rights-routes.js';
import { registerPersonRoutes } from './people/person-routes.js';
import { registerProofRoutes } from './proof/proof-routes.js';
import { registerQuarantineRoutes } from './quarantine/quarantine-routes.js';
import { registerHoldRoutes } from './retention/hold-routes.js';
import { registerRetentionRoutes } from './retention/retention-routes.js';
import { registerReachRoutes } from './rulebooks/reach-routes.js';
import { registerGrantRoutes } from './rules/grant-routes.js';
import { registerItemRuleRoutes } from './rules/item-rule-routes.js';
import { registerSessionRoutes } from './sessions/session-routes.js';
import { registerSiteRoutes } from './sites/site-routes.js';
import type { Store } from './store/prisma.js';
import { registerSupportCaseRoutes } from './support-cases/support-case-routes.js';
import { type Certificate, secureContextOf, tlsOptions } from './tls/certificate.js';

export interface AppDeps extends CabinetReach {
  readonly store: Store;
  /** The address of the database for the runtime role: what the live feed listens on. */
  readonly databaseUrl: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly version: string;
  /** Where browsers reach the server, when that is known; https makes cookies secure-only. */
  readonly publicUrl?: string | undefined;
  /** The proxies whose `X-Forwarded-For` is believed; without any, everybody behind one counts as one address. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** Signs the sign-in cookies; at least 32 characters. */
  readonly authSecret: string;
  /** Absent: it answers in the clear. */
  readonly certificate?: Certificate | undefined;
  /** The folder of the built screens. */
  readonly webFolder?: string | undefined;
  /** Asks for new rulebooks of a customer (UUID) after something that they say has changed. */
  readonly requestRulebooks: (tenantId: string) => void;
  /** Sends to a cabinet that is connected. */
  readonly sendDown?: (topic: string, body: string) => Promise<void>;
  /** Ends a cabinet's connection to this process. */
  readonly cutOff?: CutOff;
  /** Whether the other parts of the process work; the database is asked by the app itself. */
  readonly ready?: () => boolean;
  /** What this process answers; both when not given. */
  readonly serves?: { readonly api: boolean; readonly live: boolean };
  /** A request that takes longer is logged; 1000 ms when not given. */
  readonly slowRequestMs?: number;
  /** Days between the agreement that a customer leaves and its removal, at least; 30 when not given. */
  readonly noticeDays?: number;
  readonly limits?: FairnessLimits & {
    /** Of one address, whoever asks; 6000 when not given. */
    readonly requestsPerMinute?: number;
    /** Attempts of one address; 60 when not given. */
    readonly signInsPerMinute?: number;
  };
}

export interface App {
  readonly server: FastifyInstance;
  /** The routes as registered, for tests that enumerate them. */
  readonly routes: RouteList;
  /** Absent where another process has the live feed. */
  readonly live: Live | undefined;
  /** What became of the requests. */
  readonly book: () => StageCounts;
  /**
   * For whoever connects from now on, where there was a certificate before.
   * @throws AppError `cloud.bad_certificate`.
   */
  renewCertificate(certificate: Certificate): void;
  close(): Promise<void>;
}

/** The cloud's HTTP side: infrastructure, then signing in, then routes, then the screens, in this order. */
export async function buildApp(deps: AppDeps): Promise<App> {
  const { store, clock, random, log, serves = { api: true, live: true } } = deps;
  const server = newServer(deps);
  const routes = collectRoutes(server);
  const book = registerRequestTrace(server, { clock, log, slowRequestMs: deps.slowRequestMs ?? 1000 });
  const passwordSignIn = await createPasswordSignIn({
    tables: store.global,
    passwords: createPasswordHash({ atOnce: 2, waiting: 50 }),
    secret: deps.authSecret,
    publicUrl: deps.publicUrl,
    clock,
    random,
  });

  registerProblemAnswers(server, routes, log);
  registerTextCheck(server);
  await registerHardening(server, {
    publicUrl: deps.publicUrl,
    requestsPerMinute: deps.limits?.requestsPerMinute ?? 6000,
    cookieName: passwordSignIn.cookieName,
  });
  if (serves.api) await registerOpenApi(server, deps.version);

  await server.register((plain, _options, done) => {
    registerHealth(plain.withTypeProvider<ZodTypeProvider>(), { store, ready: deps.ready ?? (() => true) });
    done();
  });
  if (serves.api) await registerApi(server, deps, passwordSignIn);
  if (serves.api) await registerWebFiles(server, deps.webFolder);

  const live = serves.live ? startLive(server.server, { ...deps, passwordSignIn }) : undefined;
  server.addHook('preClose', async () => await live?.close());
  await server.ready();
  return {
    ...{ server, routes, live, book },
    renewCertificate: (certificate) => {
      secureContextOf(certificate, 'TLS');
      const { server: listener } = server;
      if (listener instanceof TlsServer) listener.setSecureContext(tlsOptions(certificate));
    },
    close: () => server.close(),
  };
}

/** Signing in, then the routes of everybody who is signed in. */
async function registerApi(server: FastifyInstance, deps: AppDeps, passwordSignIn: PasswordSignIn): Promise<void> {
  const { store, clock, log } = deps;
  const signInDeps: SignInDeps = { store, passwordSignIn, throttle: createSignInThrottle(), clock, log };
  const context = createContext({ ...deps, passwordSignIn, fairness: createFairness(deps.limits ?? {}, clock) });
  await server.register((plain, _options, done) => {
    const api: Api = plain.withTypeProvider<ZodTypeProvider>();
    registerRedemption(api, deps);
    registerSignIn(api, signInDeps, deps.limits?.signInsPerMinute ?? 60);
    done();
  });
  await server.register((plain, _options, done) => {
    plain.addHook('onRequest', context.identify);
    const api: Api = plain.withTypeProvider<ZodTypeProvider>();
    registerSignInRoutes(api, context, signInDeps);
    registerSiteRoutes(api, context);
    registerCabinetRoutes(api, context, deps);
    registerEnrolmentRoutes(api, context, deps.sendDown ?? (async () => {}));
    registerAssetRoutes(api, context);
    registerPersonRoutes(api, context);
    registerPersonRightsRoutes(api, context);
    registerOrderRoutes(api, context);
    registerSupportCaseRoutes(api, context);
    registerGrantRoutes(api, context);
    registerItemRuleRoutes(api, context);
    registerKitRoutes(api, context);
    registerLossRoutes(api, context);
    registerNoticeRoutes(api, context);
    registerReachRoutes(api, context);
    registerSessionRoutes(api, context);
    registerEntryRoutes(api, context);
    registerOverviewRoutes(api, context);
    registerAttentionRoutes(api, context);
    registerQuarantineRoutes(api, context);
    registerRetentionRoutes(api, context);
    registerHoldRoutes(api, context);
    registerOffBoardingRoutes(api, context, { noticeDays: deps.noticeDays ?? 30 });
    registerProofRoutes(api, context);
    registerExportRoutes(api, context);
    done();
  });
}

/** @throws AppError `cloud.bad_certificate`. */
function newServer({ random, certificate, trustedProxies }: AppDeps): FastifyInstance {
  if (certificate !== undefined) secureContextOf(certificate, 'TLS');
  const limits = { maxHeaderSize: 16_384, headersTimeout: 10_000 };
  const options = {
    bodyLimit: 256 * 1024,
    requestTimeout: 30_000,
    connectionTimeout: 60_000,
    keepAliveTimeout: 72_000,
    forceCloseConnections: true,
    genReqId: () => Buffer.from(randomBytes(random, 12)).toString('base64url'),
    requestIdHeader: false as const,
    trustProxy: trustedProxies === undefined ? false : [...trustedProxies],
    routerOptions: { maxParamLength: 200 },
  };
  // Routes need not know which of the two listens.
  const server: FastifyInstance =
    certificate === undefined
      ? Fastify({ ...options, http: limits })
      : (Fastify({ ...options, https: { ...limits, ...tlsOptions(certificate) } }) as unknown as FastifyInstance);
  // JSON only: a text body is what a form of another site can send without being asked.
  server.removeContentTypeParser('text/plain');
  const parseJson = server.getDefaultJsonParser('error', 'error');
  // Many clients name JSON also where they send nothing; whether a body is needed is for the schema to say.
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text, done) => {
    if (text === '') done(null, undefined);
    else void parseJson(request, String(text), done);
  });
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  return server;
}
