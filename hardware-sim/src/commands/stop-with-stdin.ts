import { errorText } from '@tagtrail/shared/error.js';

/** Ctrl-C, a polite kill, and the end of a launcher that said it would close our standard input. */
export function stopWhenAsked(running: { close(): Promise<void> }): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    running.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${errorText(error)}\n`);
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  if (process.env.TAGTRAIL_STOP_WITH_STDIN === '1') process.stdin.on('end', stop).on('error', stop).resume();
}
