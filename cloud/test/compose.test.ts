import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { neededApart, readConfig, settingNames } from '../src/config.js';
import { parseRoles, roles } from '../src/roles/roles.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const file = readFileSync(join(root, 'docker-compose.yml'), 'utf8');

/**
 * The part of the compose specification that the file uses (compose-spec.io, "Services top-level
 * elements"), strict: a key that is not here is a mistyped one or has to be looked up.
 */
const duration = z.string().regex(/^\d+(s|m)$/);
const service = z
  .strictObject({
    image: z.string().regex(/^[a-z-]+:[\w.]+$/),
    build: z.strictObject({ context: z.string(), dockerfile: z.string() }),
    command: z.array(z.string()),
    environment: z.record(z.string().regex(/^[A-Z_]+$/), z.string()),
    ports: z.array(z.string().regex(/^\d+:\d+$/)),
    volumes: z.array(z.string().regex(/^[^:]+(:\?[^}]*\}[^:]*)?:\/[^:]+(:ro)?$/)),
    healthcheck: z.strictObject({
      test: z.tuple([z.enum(['CMD', 'CMD-SHELL'])], z.string()),
      interval: duration,
      timeout: duration,
      retries: z.int().positive(),
    }),
    depends_on: z.record(z.string(), z.strictObject({ condition: z.literal('service_healthy') })),
    deploy: z.strictObject({ replicas: z.int().positive() }),
    restart: z.literal('unless-stopped'),
  })
  .partial();
const composeFile = z.strictObject({
  name: z.string(),
  services: z.record(z.string(), service),
  volumes: z.record(z.string(), z.null()),
});

const whole = parse(file, { merge: true }) as Record<string, unknown>;
const compose = composeFile.parse(Object.fromEntries(Object.entries(whole).filter(([key]) => !key.startsWith('x-'))));
const services = Object.entries(compose.services);
const roleOf = (command: readonly string[] = []): string => command[command.indexOf('--role') + 1] ?? '';
const ours = services.filter(([, { build }]) => build !== undefined);

/** The value that an operator's environment would give. */
const filled = (text: string): string =>
  text.replace(/\$\{[A-Z_]+URL[^}]*\}/g, 'https://tools.example').replace(/\$\{[^}]*\}/g, 'x'.repeat(40));

describe('docker-compose.yml', () => {
  it('runs every role, each once, and ingest in two processes', () => {
    expect(ours.map(([, { command }]) => roleOf(command)).sort()).toEqual([...roles].sort());
    expect(compose.services['ingest']?.deploy?.replicas).toBe(2);
  });

  it.each(ours)('gives %s what it needs and nothing that the code does not read', (_name, { command, environment }) => {
    const names = Object.keys(environment ?? {});
    expect(names.filter((name) => !settingNames.has(name))).toEqual([]);
    const chosen = parseRoles(roleOf(command));
    for (const role of roles)
      if (chosen.has(role)) expect(names).toEqual(expect.arrayContaining([...neededApart[role]]));
    const values = Object.fromEntries(Object.entries(environment ?? {}).map(([name, value]) => [name, filled(value)]));
    values['MQTT_PUBLIC_URL'] = values['MQTT_PUBLIC_URL'] === undefined ? '' : 'mqtts://tools.example';
    expect(readConfig(values, '/', chosen).metricsPort).toBe(9464);
  });

  it.each(ours)('asks %s for its health where it serves it, from the image that the Dockerfile makes', (_name, it) => {
    expect(it.healthcheck?.test.join(' ')).toContain(`127.0.0.1:${it.environment?.['METRICS_PORT']}/readyz`);
    expect(existsSync(join(root, it.build?.dockerfile ?? ''))).toBe(true);
    expect(it.command?.slice(0, 2)).toEqual(['node', 'cloud/dist/main.js']);
  });

  it('waits only for services that exist and say when they are healthy', () => {
    for (const [, { depends_on: waits = {} }] of services) {
      for (const name of Object.keys(waits)) expect(compose.services[name]?.healthcheck).toBeDefined();
    }
  });

  it('mounts files that are there and volumes that are declared', () => {
    const sources = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0] ?? ''));
    for (const source of sources.filter((path) => !path.startsWith('$'))) {
      expect([source, source.startsWith('./') ? existsSync(join(root, source)) : source in compose.volumes]).toEqual([
        source,
        true,
      ]);
    }
  });

  it('has no secret in it', () => {
    expect(file.match(/(?:PASSWORD|SECRET): (?!\$\{[A-Z_]+:\?).*/g)).toBeNull();
  });

  it('leads the broker and the proxy to the ports of the processes', () => {
    const broker = readFileSync(join(root, 'cloud/deploy/mosquitto.conf'), 'utf8');
    expect(broker.match(/^listener \d+/gm)).toEqual(['listener 1883', 'listener 1884']);
    const proxy = readFileSync(join(root, 'cloud/deploy/nginx.conf'), 'utf8');
    expect(proxy.match(/server (\w+:\d+);/g)).toEqual(['server live:8080;', 'server api:8080;']);
  });

  it('tells from which address a request comes, whatever the browser says, to those that believe the proxy', () => {
    const proxy = readFileSync(join(root, 'cloud/deploy/nginx.conf'), 'utf8');
    expect(proxy).toContain('proxy_set_header X-Forwarded-For $remote_addr;');
    for (const name of ['api', 'live'])
      expect(compose.services[name]?.environment).toMatchObject({ TRUSTED_PROXIES: 'uniquelocal' });
  });
});
