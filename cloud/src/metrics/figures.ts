import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { imbalance, type StageCounts, type StageName } from './stage-book.js';
import type { Stalled } from './stalled.js';

/** The figures of a process by the names under which they are scraped; the README explains the same table. */
export const figureNames = {
  tagtrail_stage_received_total: 'What has come into a stage since the process began.',
  tagtrail_stage_outcomes_total: 'What has left a stage, by its outcome.',
  tagtrail_stage_in_flight: 'What is inside a stage now.',
  tagtrail_stage_imbalance:
    'What has come into a stage and is neither inside nor left it; anything but 0 at rest is a bug.',
  tagtrail_live_connections: 'Screens that are connected.',
  tagtrail_stalled_cabinets: 'Cabinets that are online and hold an event that is older than a minute.',
  tagtrail_oldest_undelivered_seconds: 'The age of the oldest event that a cabinet that is online has not delivered.',
} as const;

export interface FigureSources {
  readonly stages: Readonly<Partial<Record<StageName, () => StageCounts>>>;
  readonly liveConnections?: () => number;
  readonly stalled?: () => Stalled | undefined;
}

export interface Figures {
  readonly contentType: string;
  /** In the text format of Prometheus. */
  text(): Promise<string>;
}

/** Reads the books of the parts whenever somebody scrapes; nothing is counted twice for it. */
export function createFigures(sources: FigureSources): Figures {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge = (name: keyof typeof figureNames, labels: readonly string[], collect: (gauge: Gauge) => void): void => {
    const made: Gauge = new Gauge({
      name,
      help: figureNames[name],
      labelNames: [...labels],
      registers: [registry],
      collect: () => collect(made),
    });
  };
  const counter = (
    name: keyof typeof figureNames,
    labels: readonly string[],
    collect: (made: Counter) => void,
  ): void => {
    const made: Counter = new Counter({
      name,
      help: figureNames[name],
      labelNames: [...labels],
      registers: [registry],
      collect: () => {
        made.reset();
        collect(made);
      },
    });
  };
  const stages = Object.entries(sources.stages) as [StageName, () => StageCounts][];
  counter('tagtrail_stage_received_total', ['stage'], (made) => {
    for (const [stage, read] of stages) made.inc({ stage }, read().received);
  });
  counter('tagtrail_stage_outcomes_total', ['stage', 'outcome'], (made) => {
    for (const [stage, read] of stages) {
      for (const [outcome, count] of Object.entries(read().outcomes)) made.inc({ stage, outcome }, count);
    }
  });
  gauge('tagtrail_stage_in_flight', ['stage'], (made) => {
    for (const [stage, read] of stages) made.set({ stage }, read().inFlight);
  });
  gauge('tagtrail_stage_imbalance', ['stage'], (made) => {
    for (const [stage, read] of stages) made.set({ stage }, imbalance(read()));
  });
  const { liveConnections, stalled } = sources;
  if (liveConnections !== undefined) gauge('tagtrail_live_connections', [], (made) => made.set(liveConnections()));
  if (stalled !== undefined) {
    gauge('tagtrail_stalled_cabinets', [], (made) => made.set(stalled()?.cabinets ?? 0));
    gauge('tagtrail_oldest_undelivered_seconds', [], (made) => made.set((stalled()?.oldestMs ?? 0) / 1000));
  }
  return { contentType: registry.contentType, text: () => registry.metrics() };
}
