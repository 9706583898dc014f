import { verify } from 'node:crypto';
import { type EnrolmentAnswer, enrolmentProofText, type enrolmentRequest } from '@tagtrail/shared/api/enrolment.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import { type Random, randomBytes } from '@tagtrail/shared/random/random.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import type { z } from 'zod';
import { ApiProblem } from '../api/problem.js';
import type { CabinetReach } from '../cabinets/create-cabinet.js';
import { readPublicKey } from '../ingest/verify.js';
import type { Store } from '../store/prisma.js';
import { foldTrail } from '../store/projections/fold.js';
import { sql, type Tx } from '../store/sql.js';
import { appendCloudEvent } from '../store/trail.js';
import { type CodeVerdict, judgeCode, readCode, sha256Hex } from './code.js';

export interface RedeemDeps extends CabinetReach {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

interface CodeRow {
  readonly cabinet_id: string;
  readonly site_id: string;
  readonly name: string;
  readonly site_name: string;
  readonly secret_hash: string;
  readonly expires_at: Date;
  readonly used_at: Date | null;
  readonly wrong_tries: number;
}

const refusals = {
  wrong: ['enrolment-code-unknown', 'There is no such enrolment code. Check it, or ask for a new one.'],
  locked: ['enrolment-code-locked', 'This code was tried wrongly too often. Ask for a new one.'],
  used: [
    'enrolment-code-used',
    'This code has been used. If that was not you, revoke the cabinet; else ask for a new code.',
  ],
  expired: ['enrolment-code-expired', 'This code is older than 15 minutes. Ask for a new one.'],
} as const;

/**
 * Gives a cabinet its credentials for a code and the public half of a key that it made. The code
 * is used up by that, the cabinet's earlier secret and key no longer open anything. A revoked cabinet is
 * one of ours again by that.
 * @throws ApiProblem `enrolment-code-unknown`, `-locked`, `-used`, `-expired`, or `invalid-request`.
 */
export async function redeemCode(
  deps: RedeemDeps,
  request: z.output<typeof enrolmentRequest>,
): Promise<EnrolmentAnswer> {
  const publicKey = checkedKey(request);
  const { handle, secretHash } = readCode(request.code);
  const found = await deps.store.global.$queryRaw<{ id: string }[]>(
    sql`select id::text from enrolment_tenant(${handle}) as id`,
  );
  const tenant = found[0]?.id;
  if (tenant === undefined) {
    deps.log.warn({ code: handle }, 'enrolment.code.unknown');
    throw refusal('wrong');
  }
  const atMs = deps.clock.wallMs();
  const outcome = await deps.store.withTenant(tenant, async (tx) => {
    const row = await lockCode(tx, tenant, handle);
    if (row === undefined) return 'wrong';
    const kept = {
      ...{ secretHash: row.secret_hash, expiresAtMs: row.expires_at.getTime() },
      ...{ used: row.used_at !== null, wrongTries: row.wrong_tries },
    };
    const verdict = judgeCode(kept, secretHash, atMs);
    const taking = { tx, tenant, handle, row, atMs };
    if (verdict !== 'accepted') {
      await recordRefusal(taking, verdict);
      return verdict;
    }
    return await enrol(deps, taking, publicKey);
  });
  // Thrown after the commit: a wrong try counts.
  if (typeof outcome === 'string') throw refusal(outcome);
  return outcome;
}

interface Taking {
  readonly tx: Tx;
  readonly tenant: string;
  readonly handle: string;
  readonly row: CodeRow;
  readonly atMs: number;
}

async function lockCode(tx: Tx, tenant: string, handle: string): Promise<CodeRow | undefined> {
  const rows = await tx.$queryRaw<CodeRow[]>(sql`
    select e.cabinet_id::text, c.site_id::text, c.name, s.name as site_name, e.secret_hash, e.expires_at, e.used_at,
      e.wrong_tries
    from enrolment_code e
      join cabinet c on c.tenant_id = e.tenant_id and c.id = e.cabinet_id
      join site s on s.tenant_id = c.tenant_id and s.id = c.site_id
    where e.tenant_id = ${tenant}::uuid and e.handle = ${handle}
    for update of e`);
  return rows[0];
}

async function enrol(deps: RedeemDeps, taking: Taking, publicKey: CheckedKey): Promise<EnrolmentAnswer> {
  const { random, mqttUrl, cloudKey } = deps;
  const { tx, tenant, handle, row, atMs } = taking;
  const secret = Buffer.from(randomBytes(random, 32)).toString('base64url');
  await tx.$executeRaw(sql`
    update enrolment_code set used_at = ${new Date(atMs)} where tenant_id = ${tenant}::uuid and handle = ${handle}`);
  await tx.$executeRaw(sql`
    update cabinet set secret_hash = ${sha256Hex(secret)}, public_key = ${publicKey.pem}, revoked_at = null
    where tenant_id = ${tenant}::uuid and id = ${row.cabinet_id}::uuid`);
  // What an earlier key still vouched for ends with the new owner of the cabinet's name.
  await tx.$executeRaw(sql`
    update cabinet_earlier_key set valid_until = ${new Date(atMs)}
    where tenant_id = ${tenant}::uuid and cabinet_id = ${row.cabinet_id}::uuid and valid_until > ${new Date(atMs)}`);
  const index = await appendCloudEvent(tx, {
    ...placeOf(taking),
    kind: 'cabinet.enrolled',
    data: { code: handle, fingerprint: publicKey.fingerprint },
  });
  await foldTrail(tx, { tenant, from: index, to: index }, new Set(['cabinet.enrolled']));
  return {
    tenant: idFromUuid('tenant', tenant),
    cabinet: idFromUuid('cabinet', row.cabinet_id),
    name: row.name,
    site: row.site_name,
    mqttUrl,
    secret,
    cloudKey,
  };
}

/** A code that is locked is not written about again: anybody can knock. */
async function recordRefusal(taking: Taking, verdict: Exclude<CodeVerdict, 'accepted'>): Promise<void> {
  if (verdict === 'locked') return;
  const { tx, tenant, handle } = taking;
  if (verdict === 'wrong') {
    await tx.$executeRaw(sql`
      update enrolment_code set wrong_tries = wrong_tries + 1 where tenant_id = ${tenant}::uuid and handle = ${handle}`);
  }
  await appendCloudEvent(tx, {
    ...placeOf(taking),
    kind: 'cabinet.enrolment_refused',
    data: { code: handle, reason: reasons[verdict] },
  });
}

const reasons = {
  wrong: 'the code was wrong',
  used: 'the code had been used before',
  expired: 'the code had expired',
} as const;

function placeOf({ tenant, atMs, row }: Taking) {
  return { tenant, at: new Date(atMs).toISOString(), siteId: row.site_id, cabinetId: row.cabinet_id };
}

interface CheckedKey {
  readonly pem: string;
  readonly fingerprint: string;
}

function checkedKey({ code, public_key, proof }: z.output<typeof enrolmentRequest>): CheckedKey {
  const key = readPublicKey(public_key);
  const bad = (field: string, problem: string): ApiProblem =>
    new ApiProblem('invalid-request', problem, { errors: [{ field, problem }] });
  if (key === undefined) throw bad('public_key', 'not an Ed25519 public key in SPKI PEM');
  const signature = Buffer.from(proof, 'base64url');
  if (signature.length !== 64 || !verify(null, Buffer.from(enrolmentProofText(code, public_key)), key, signature)) {
    throw bad('proof', 'not a signature of that key over this code');
  }
  const pem = key.export({ type: 'spki', format: 'pem' }).toString();
  return { pem, fingerprint: sha256Hex(key.export({ type: 'spki', format: 'der' })) };
}

function refusal(verdict: keyof typeof refusals): ApiProblem {
  const [problem, text] = refusals[verdict];
  return new ApiProblem(problem, text);
}
