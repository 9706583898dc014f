export interface OriginFacts {
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site` (Fetch Metadata Request Headers, W3C). */
  readonly fetchSite: string | undefined;
  readonly host: string | undefined;
  /** True when the request carries a sign-in cookie, so that another site could misuse it. */
  readonly hasCookie: boolean;
}

/**
 * Whether a request may change something as far as its origin goes. A browser always tells where
 * a write comes from; a program that sends our cookie has to say it as well.
 */
export function mayChange(facts: OriginFacts, publicOrigin: string | undefined): boolean {
  if (facts.fetchSite !== undefined && facts.fetchSite !== 'same-origin' && facts.fetchSite !== 'none') return false;
  if (facts.origin !== undefined) return isOwnOrigin(facts.origin, facts.host, publicOrigin);
  return facts.fetchSite !== undefined || !facts.hasCookie;
}

/** True when `origin` is this server, as configured or as addressed by the request's Host header. */
export function isOwnOrigin(origin: string, host: string | undefined, publicOrigin: string | undefined): boolean {
  const parsed = parseUrl(origin);
  if (parsed === null || (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')) return false;
  if (parsed.origin === publicOrigin) return true;
  return host !== undefined && parsed.host === parseUrl(`${parsed.protocol}//${host}`)?.host;
}

function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
