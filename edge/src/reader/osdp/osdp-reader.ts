import { errorText, isAppError } from '@tagtrail/shared/error.js';
import { osdpCommand, osdpReply } from '@tagtrail/shared/protocol/osdp/osdp-constants.js';
import {
  buzz,
  decodeLocalStatus,
  decodeOsdpIdentity,
  decodeRawCard,
  ledColour,
  ledFor,
  rawCardNumber,
} from '@tagtrail/shared/protocol/osdp/osdp-messages.js';
import { repeat, type Timer } from '@tagtrail/shared/time/clock.js';
import type { OsdpConfig } from '../../device-config.js';
import { type Conversation, createDeviceLink, type DriverOptions, type Line } from '../device-link.js';
import type { LinkRules } from '../link-machine.js';
import type { BadgeFeedback, BadgeReader, BadgeReaderListener } from '../reader.js';
import { createOsdpBus, type OsdpAnswer, type OsdpBus, type OsdpCommand } from './osdp-bus.js';
import { establishChannel, giveKey, isInstallKey } from './osdp-handshake.js';

export type OsdpReaderOptions = DriverOptions<OsdpConfig, BadgeReaderListener>;

/** What became of every card: `cards = presented + unreadable`. */
export interface OsdpCounters {
  readonly cards: number;
  readonly presented: number;
  /** Cards whose bits make no number of the settings' length. */
  readonly unreadable: number;
}

export interface OsdpReader extends BadgeReader {
  counters(): OsdpCounters;
}

/** It is asked ten times a second, so its silence is noticed without a badge. */
const rules: LinkRules = { device: 'badge reader', silentAfterMs: 3000, garbledSetupMs: 4000 };
const pollMs = 100;
const installKeyWarning =
  'The badge reader uses the key that it was delivered with, which everybody knows: give it one of its own.';
const keyGivenWarning = 'The badge reader has been given its key: take giveKey out of the settings.';
const tamperedText = 'The badge reader tells that it was opened or taken off: check it.';

const feedbackCommands: Readonly<Record<BadgeFeedback, readonly OsdpCommand[]>> = {
  accepted: [
    { id: osdpCommand.led, data: ledFor(ledColour.green, 2000) },
    { id: osdpCommand.buzzer, data: buzz(1, 100) },
  ],
  refused: [
    { id: osdpCommand.led, data: ledFor(ledColour.red, 2000) },
    { id: osdpCommand.buzzer, data: buzz(3, 200) },
  ],
};

/** A badge reader on an RS-485 bus that speaks OSDP, in the clear or over its secure channel. */
export function createOsdpReader(options: OsdpReaderOptions): OsdpReader {
  const { config, listener } = options;
  const counters = { cards: 0, presented: 0, unreadable: 0 };
  let current: OsdpConversation | undefined;

  function takeCard(data: Uint8Array): void {
    counters.cards++;
    const card = decodeRawCard(data);
    const number = card === null ? null : rawCardNumber(card, config.digits);
    if (number === null) {
      counters.unreadable++;
      options.log.warn({ bits: card?.bits ?? null }, 'edge.badge.unreadable');
      return;
    }
    counters.presented++;
    listener.onBadge(number);
  }

  const device = createDeviceLink({
    rules,
    clock: options.clock,
    random: options.random,
    log: options.log,
    connect: async (line) => {
      const link = await options.openLink(config.baudRate);
      const bus = createOsdpBus({ link, line, clock: options.clock, address: config.address });
      current = converse({ ...options, link, line, bus, takeCard });
      return current;
    },
    onReport: (report) => listener.onReport(report),
    onDown: () => {
      current = undefined;
    },
  });
  return {
    start: device.start,
    close: device.close,
    feedback: (outcome) => current?.show(outcome),
    counters: () => ({ ...counters }),
  };
}

interface OsdpConversation extends Conversation {
  show(outcome: BadgeFeedback): void;
}

interface ConverseOptions extends OsdpReaderOptions {
  readonly link: Conversation['link'];
  readonly line: Line;
  readonly bus: OsdpBus;
  readonly takeCard: (data: Uint8Array) => void;
}

function converse({ config, clock, log, random, link, line, bus, takeCard }: ConverseOptions): OsdpConversation {
  let waiting: readonly OsdpCommand[] = [];
  let polling: Timer | undefined;

  function takeAnswer({ id, data }: OsdpAnswer): void {
    if (id === osdpReply.rawCard) takeCard(data);
    else if (id === osdpReply.localStatus) {
      const status = decodeLocalStatus(data);
      if (status !== null) line.trouble(status.tamper ? tamperedText : null);
    }
  }

  /** Opens the secure channel where there is a key; true when the reader had to be given it first. */
  async function secure(): Promise<boolean> {
    const { secureKey } = config;
    if (secureKey === null) return false;
    try {
      bus.secure(await establishChannel(bus, secureKey, random));
      return false;
    } catch (error) {
      if (!config.giveKey || isInstallKey(secureKey) || !isAppError(error, 'reader.refused')) throw error;
    }
    bus.secure(await giveKey(bus, secureKey, random));
    log.info({}, 'edge.badge.key_given');
    return true;
  }

  async function turn(): Promise<void> {
    const [command = { id: osdpCommand.poll }, ...rest] = waiting;
    waiting = rest;
    try {
      takeAnswer(await bus.command(command));
    } catch (error) {
      if (isAppError(error, 'reader.unanswered')) line.unanswered();
      else if (isAppError(error, 'reader.restarted'))
        line.restarted('The badge reader restarted; it is being set up again.');
      // A reader without a lamp or a buzzer refuses to use it.
      else log.debug({ command: command.id, detail: errorText(error) }, 'edge.badge.command_refused');
    }
  }

  return {
    link,
    configure: async () => {
      const given = await secure();
      const identity = decodeOsdpIdentity((await bus.command({ id: osdpCommand.id, data: Uint8Array.of(0) })).data);
      log.info({ ...identity, secure: config.secureKey !== null }, 'edge.badge.found');
      takeAnswer(await bus.command({ id: osdpCommand.localStatus }));
      const warned = config.secureKey !== null && isInstallKey(config.secureKey) ? installKeyWarning : null;
      line.warning(given ? keyGivenWarning : warned);
      polling = repeat(clock, 'badge.poll', pollMs, turn);
    },
    show: (outcome) => {
      waiting = feedbackCommands[outcome];
    },
    end: () => {
      polling?.cancel();
      bus.end();
    },
  };
}
