import { InvalidArgumentError } from 'commander';

/** What the options of the commands take, each with the sentence that a person reads who typed something else. */

export function portNumber(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('a port is a whole number between 0 and 65535');
}

export function seconds(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 86_400) return value;
  throw new InvalidArgumentError('a time in seconds, more than 0');
}

export function countNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('a whole number, 1 or more');
}

export function wholeNumber(text: string): number {
  const value = Number(text);
  if (/^\d{1,9}$/.test(text)) return value;
  throw new InvalidArgumentError('a whole number, 0 or more');
}

export function percentNumber(text: string): number {
  const value = Number(text);
  if (/^\d{1,3}$/.test(text) && value <= 100) return value;
  throw new InvalidArgumentError('a whole number between 0 and 100');
}

/** An address on this machine: nobody else's agent is asked. */
export function localAddress(text: string): string {
  const [, address] = /^(http:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):\d{1,5})\/?$/.exec(text.trim()) ?? [];
  if (address !== undefined) return address;
  throw new InvalidArgumentError(`"${text}" is not http://127.0.0.1:PORT`);
}
