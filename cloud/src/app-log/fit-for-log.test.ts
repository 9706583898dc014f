import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { fitForLog, leftOut, logFields } from './fit-for-log.js';

const sources = fileURLToPath(new URL('../', import.meta.url));

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return entry.name === 'generated' ? [] : filesUnder(join(folder, entry.name));
    return entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts') ? [join(folder, entry.name)] : [];
  });
}

/** The fields that a source gives to `log.info({ ... }, name)` and its like, as `file:line field`. */
function loggedFields(path: string): string[] {
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /(^|[.#])log\??\.(debug|info|warn|error)$/.test(node.expression.getText())) {
      const fields = node.arguments[0];
      for (const member of fields !== undefined && ts.isObjectLiteralExpression(fields) ? fields.properties : []) {
        const { line } = file.getLineAndCharacterOfPosition(member.getStart());
        if (member.name !== undefined) found.push(`${path.slice(sources.length)}:${line + 1} ${member.name.getText()}`);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

describe('what fits into the application log', () => {
  it('is all that the sources write into it', () => {
    const fields = filesUnder(sources).flatMap(loggedFields);
    expect(fields.length).toBeGreaterThan(60);
    expect(fields.filter((field) => !logFields.has(field.split(' ')[1] ?? ''))).toEqual([]);
  });

  it('has no field that holds a person', () => {
    for (const name of ['name', 'email', 'person', 'badge', 'number', 'holder', 'body', 'payload']) {
      expect(logFields.has(name)).toBe(false);
      expect(fitForLog({ [name]: 'Ana Lima' })).toEqual({ [name]: leftOut });
    }
  });

  it.each([
    ['the mail of ana.lima@aerolys.example', 'the mail of [left out]'],
    ['badge 4A00AB12CD is unknown', 'badge [left out] is unknown'],
    ['EPC 3034257BF7194E4000000001', 'EPC [left out]'],
    ['DETAIL: Failing row contains (7, Ana Lima, null).', 'DETAIL: Failing row contains ([left out]).'],
    ['Key (tenant_id, name)=(7, Ana (Lima)) already exists.', 'Key (tenant_id, name)=([left out]) already exists.'],
    ['invalid input syntax for type uuid: "Ana Lima"', 'invalid input syntax for type uuid: "[left out]"'],
  ])('leaves people out of "%s"', (text, written) => {
    expect(fitForLog({ reason: text })).toEqual({ reason: written });
    expect(fitForLog({ detail: { inside: [text] } })).toEqual({ detail: { inside: [written] } });
  });

  it('keeps what a line is for', () => {
    const line = {
      tenant: '01936e1c-0000-7000-8000-000000000001',
      cabinet: 'cabinet_01jdq1w000e0080000000000001',
      reason: 'connect ECONNREFUSED 127.0.0.1:5432 at file:///srv/cloud/dist/main.js:12:3',
      port: 5432,
    };
    expect(fitForLog(line)).toEqual(line);
  });

  it('never shows a badge number or an address, wherever it stands', () => {
    const badge = fc.stringMatching(/^[0-9A-F]{8,24}$/);
    const email = fc.emailAddress();
    fc.assert(
      fc.property(fc.oneof(badge, email), fc.stringMatching(/^[a-z .,:()"]{0,12}$/), (secret, around) => {
        const written = JSON.stringify(fitForLog({ reason: `${around} ${secret} ${around}` }));
        expect(written).not.toContain(secret);
      }),
    );
  });
});
