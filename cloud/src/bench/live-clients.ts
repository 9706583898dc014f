import { type LivePatch, livePath } from '@tagtrail/shared/live/protocol.js';
import { io, type Socket } from 'socket.io-client';

/** What the clients of one process are told to do; each has one cookie and opens both connections. */
export interface ClientsOrder {
  readonly liveUrl: string;
  readonly bareUrl: string;
  readonly cookies: readonly string[];
}

/** When each patch reached each client, in milliseconds of `machineMs`; the key is what the sender calls it. */
export type Arrivals = readonly (readonly [key: string, atMs: number])[];

export type ClientsAnswer =
  | { readonly kind: 'connected' }
  | { readonly kind: 'patch'; readonly patch: LivePatch }
  | { readonly kind: 'arrivals'; readonly live: Arrivals; readonly bare: Arrivals };

/** Counts from the start of the machine, so that the times of several processes can be compared. */
export function machineMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

const connectTogether = 10;
const live: [string, number][] = [];
const bare: [string, number][] = [];
let shown = false;

function say(answer: ClientsAnswer): void {
  process.send?.(answer);
}

function connected(client: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    client.once('connect', resolve);
    client.once('connect_error', reject);
  });
}

async function open({ liveUrl, bareUrl }: ClientsOrder, cookie: string): Promise<void> {
  const common = { transports: ['websocket'], reconnection: false, forceNew: true };
  const screen = io(liveUrl, { ...common, path: livePath, extraHeaders: { cookie } });
  screen.on('entries', (patch: LivePatch) => {
    const atMs = machineMs();
    for (const { session } of patch.entries) if (session !== null) live.push([session, atMs]);
    if (shown) return;
    shown = true;
    say({ kind: 'patch', patch });
  });
  await connected(screen);
  await screen.emitWithAck('watch', { v: 1, after: null });
  const other = io(bareUrl, common);
  other.on('entries', (patch: LivePatch) => void bare.push([String(patch.from), machineMs()]));
  await connected(other);
}

// Forked by the benchmark of the live feed; the first message is the order, any further one asks what has arrived.
process.once('message', (order: ClientsOrder) => {
  void (async () => {
    for (let from = 0; from < order.cookies.length; from += connectTogether) {
      await Promise.all(order.cookies.slice(from, from + connectTogether).map((cookie) => open(order, cookie)));
    }
    say({ kind: 'connected' });
    process.on('message', () => say({ kind: 'arrivals', live, bare }));
  })();
});
process.once('disconnect', () => process.exit());
