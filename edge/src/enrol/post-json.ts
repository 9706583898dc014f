import { request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { AppError } from '@tagtrail/shared/error.js';

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Sends `body` as JSON to an http or https address; rejects with what kept the answer away. */
export type PostJson = (url: URL, body: unknown) => Promise<Answer>;

const answerWithinMs = 15_000;
/** Credentials take a thousandth of it. */
const mostBytes = 1_000_000;

/**
 * Requests that trust the certificates of `ca` (PEM), or those of the system when left out; `fetch` of
 * this platform can be told of none. A redirection is an answer like any other: a code goes to nobody else.
 */
export function createPostJson(ca?: string): PostJson {
  return (url, body) =>
    new Promise((resolve, reject) => {
      const text = JSON.stringify(body);
      const options = {
        ...{ method: 'POST', agent: false, signal: AbortSignal.timeout(answerWithinMs) },
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
      };
      const secure = { ...options, minVersion: 'TLSv1.2' as const, ...(ca === undefined ? {} : { ca }) };
      const request = url.protocol === 'https:' ? requestSecure(url, secure) : requestPlain(url, options);
      request.on('error', reject);
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > mostBytes)
            request.destroy(new AppError('enrol.bad_answer', 'the answer has no end', { kind: 'peer' }));
          else chunks.push(chunk);
        });
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
      });
      request.end(text);
    });
}
