import { AppError, errorText } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { CabinetAddress } from '@tagtrail/shared/mqtt/topics.js';
import type { AedesOptions, AuthenticateError, Client, ConnectPacket } from 'aedes';
import { type CabinetAccount, claimedAddress, isAuthentic } from './authenticate.js';
import { mayLeaveWill, mayPublish, mayReceive, maySubscribe } from './topic-access.js';

export interface BrokerAccessOptions {
  readonly log: Log;
  readonly findAccount: (address: CabinetAddress) => Promise<CabinetAccount | undefined>;
  /** A cabinet asked to be let in that does not exist. */
  readonly onUnknown?: (address: CabinetAddress) => void;
  /** Whether an authentic device gets this client id, although another one may be connected with it. */
  readonly mayConnect?: (clientId: string) => boolean;
  /** A message of a cabinet has come in, whatever becomes of it. */
  readonly onReceived?: () => void;
  /** A message that the cabinet may not send; it was swallowed. */
  readonly onForbidden: (address: CabinetAddress, what: { detail: string; payload: Uint8Array }) => void;
}

/** Where a message goes that may not be sent: nobody listens. It is acknowledged, else it would come back for ever. */
const nowhere = 'tagtrail/refused';

type AccessHandlers = Required<
  Pick<AedesOptions, 'preConnect' | 'authenticate' | 'authorizePublish' | 'authorizeSubscribe' | 'authorizeForward'>
>;

/** Who may connect, and what each may say and hear. */
export function brokerAccess(options: BrokerAccessOptions): AccessHandlers {
  const packets = new WeakMap<Client, ConnectPacket>();
  const addresses = new WeakMap<Client, CabinetAddress>();

  async function admit(
    client: Client,
    username: string | undefined,
    password: Uint8Array | undefined,
  ): Promise<number> {
    const packet = packets.get(client);
    const credentials = { clientId: packet?.clientId ?? '', username, password };
    const address = claimedAddress(credentials);
    if (packet === undefined || address === undefined) return 4;
    const account = await options.findAccount(address);
    if (account === undefined) options.onUnknown?.(address);
    if (!isAuthentic(credentials, account)) return 4;
    const { will } = packet;
    if (
      will !== undefined &&
      !mayLeaveWill(address, { topic: will.topic, qos: will.qos ?? 0, retain: will.retain ?? false })
    )
      return 5;
    if (options.mayConnect?.(credentials.clientId) === false) {
      options.log.warn({ client: credentials.clientId }, 'broker.takeover.refused');
      return 3;
    }
    addresses.set(client, address);
    return 0;
  }

  return {
    preConnect: (client, packet, done) => {
      packets.set(client, packet);
      // Nothing is kept for a cabinet that is away, whatever it asks for.
      packet.clean = true;
      done(null, true);
    },
    authenticate: (client, username, password, done) => {
      admit(client, username, password).then(
        (code) => (code === 0 ? done(null, true) : done(connectRefusal(code), null)),
        (error: unknown) => {
          options.log.error({ reason: errorText(error) }, 'broker.account.not_read');
          done(connectRefusal(3), null);
        },
      );
    },
    authorizePublish: (client, packet, done) => {
      if (client === null) return done(null);
      const address = addresses.get(client);
      if (address === undefined) return done(null);
      options.onReceived?.();
      const access = mayPublish(address, packet);
      if (access.allowed) packet.retain = access.retain;
      else {
        options.onForbidden(address, { detail: access.detail, payload: bytesOf(packet.payload) });
        packet.topic = nowhere;
        packet.payload = '';
        packet.retain = false;
      }
      done(null);
    },
    authorizeSubscribe: (client, subscription, done) => {
      const address = addresses.get(client);
      const isAllowed = address !== undefined && maySubscribe(address, subscription.topic);
      done(null, isAllowed ? { ...subscription, qos: subscription.qos === 0 ? 0 : 1 } : null);
    },
    authorizeForward: (client, packet) => {
      const address = addresses.get(client);
      return address !== undefined && mayReceive(address, packet.topic) ? packet : null;
    },
  };
}

function connectRefusal(returnCode: number): AuthenticateError {
  const error = new AppError('broker.refused', 'The broker does not know this cabinet or its secret.', {
    kind: 'peer',
  });
  return Object.assign(error, { returnCode });
}

export function bytesOf(payload: string | Uint8Array): Uint8Array {
  return typeof payload === 'string' ? Buffer.from(payload) : payload;
}
