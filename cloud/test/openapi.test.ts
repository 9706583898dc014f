import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AppFixture, startApp } from './app-fixture.js';

interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, { readonly content?: unknown }>>;
}

describe('the OpenAPI document', () => {
  let fixture: AppFixture;
  let document: { openapi: string; paths: Record<string, Record<string, Operation>>; components: unknown };
  beforeAll(async () => {
    fixture = await startApp();
    const response = await fixture.app.server.inject({ url: '/openapi.json' });
    document = response.json();
  });
  afterAll(async () => {
    await fixture?.close();
  });

  it('describes every route under /v1 and no other', () => {
    const described = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const registered = fixture.app.routes.all
      .filter(({ method, url }) => !['HEAD', 'OPTIONS'].includes(method) && /^\/(v1|healthz|readyz)/.test(url))
      .map(({ method, url }) => `${method} ${url.replace(/:(\w+)/g, '{$1}')}`);
    expect(described.sort()).toEqual(registered.sort());
    expect(document.openapi).toMatch(/^3\.1\./);
  });

  it('says for each what it is for, what it answers and how it refuses', () => {
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(operations)) {
        const name = `${method} ${path}`;
        expect([name, operation.summary, operation.tags?.length]).toEqual([name, expect.any(String), 1]);
        const statuses = Object.keys(operation.responses);
        expect([name, statuses.some((status) => status.startsWith('2'))]).toEqual([name, true]);
        if (path.startsWith('/v1')) expect([name, statuses]).toEqual([name, expect.arrayContaining(['401'])]);
        const named = (operation.parameters ?? [])
          .filter((parameter) => parameter.in === 'path')
          .map(({ name }) => name);
        expect([name, named]).toEqual([name, [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter)]);
      }
    }
  });

  it('has no reference that leads nowhere', () => {
    const text = JSON.stringify(document);
    for (const [, pointer] of text.matchAll(/"\$ref":"#([^"]+)"/g)) {
      const target = (pointer ?? '')
        .split('/')
        .slice(1)
        .reduce<unknown>((node, key) => (node as Record<string, unknown>)?.[key], document);
      expect([pointer, target]).toEqual([pointer, expect.anything()]);
    }
  });

  it('comes with a page', async () => {
    const page = await fixture.app.server.inject({ url: '/docs/', headers: { accept: 'text/html' } });
    expect([page.statusCode, page.headers['content-type']]).toEqual([200, expect.stringContaining('text/html')]);
    expect((await fixture.app.server.inject({ url: '/docs/static/swagger-ui-bundle.js' })).statusCode).toBe(200);
    expect((await fixture.app.server.inject({ url: '/docs' })).statusCode).toBeLessThan(400);
  });
});
