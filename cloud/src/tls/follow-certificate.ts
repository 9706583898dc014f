import { errorText } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import { type Clock, repeat, type Timer } from '@tagtrail/shared/time/clock.js';
import {
  type Certificate,
  type CertificateFiles,
  type CertificateUse,
  endsAtMs,
  readCertificate,
  secureContextOf,
} from './certificate.js';

export interface FollowCertificateOptions {
  readonly files: CertificateFiles;
  readonly use: CertificateUse;
  /** The one that is in use now. */
  readonly current: Certificate;
  readonly clock: Clock;
  readonly log: Log;
  /** Handshakes from now on take it; connections that stand stay. */
  readonly renew: (certificate: Certificate) => void;
}

const lookEveryMs = 60_000;
const dayMs = 86_400_000;
/** One that ends sooner than this is warned of once a day: who renews by themselves do it earlier. */
const endsSoonMs = 14 * dayMs;

/**
 * Looks at the two files every minute and takes up what is new in them. The files are looked at, not watched: those who
 * renew replace files, links or whole folders. The two are not written in one step, so a pair that does not go together
 * is left alone, and looked at again; the old one goes on until then.
 */
export function followCertificate(options: FollowCertificateOptions): Timer {
  const { files, use, clock, log } = options;
  let current = options.current;
  let refused = '';
  let warnedAtMs = Number.NEGATIVE_INFINITY;

  async function look(): Promise<void> {
    try {
      const found = await readCertificate(files, use);
      if (found.cert !== current.cert || found.key !== current.key) {
        secureContextOf(found, use);
        options.renew(found);
        current = found;
        const until = new Date(endsAtMs(found)).toISOString();
        log.info({ path: files.certFile, detail: `lasts until ${until}` }, 'tls.certificate.renewed');
      }
      refused = '';
    } catch (error) {
      const reason = errorText(error);
      if (reason !== refused) log.error({ path: files.certFile, reason }, 'tls.certificate.not_renewed');
      refused = reason;
    }
    warn();
  }

  function warn(): void {
    const nowMs = clock.wallMs();
    const leftMs = endsAtMs(current) - nowMs;
    if (leftMs > endsSoonMs || nowMs < warnedAtMs + dayMs) return;
    warnedAtMs = nowMs;
    const detail = leftMs > 0 ? `it ends in ${Math.floor(leftMs / dayMs)} days` : 'it has ended';
    log.warn({ path: files.certFile, detail }, 'tls.certificate.ends_soon');
  }

  return repeat(clock, 'certificate', lookEveryMs, look);
}
