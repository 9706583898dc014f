import type { CabinetState } from '@tagtrail/shared/simulator/control-protocol.js';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type Ticker, useTick } from '../app/ticker.js';
import { type ReadTape, type TapeRead, tapeMs } from './read-tape.js';

export interface ReadLanesProps {
  readonly tape: ReadTape;
  readonly cabinet: CabinetState;
  readonly nowMs: () => number;
  readonly ticker: Ticker;
}

type Kind = 'inside' | 'outside' | 'stranger';
const laneHeightPx = 46;
/** From barely heard to shouted, in dBm; the height of a tick. */
const faintest = -80;
const loudest = -35;

/** What the antennas hear, unfiltered: a tick for each read, as high as it was loud, newest at the right. */
export function ReadLanes({ tape, cabinet, nowMs, ticker }: ReadLanesProps) {
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement | null>(null);
  const kinds = useRef(new Map<string, Kind>());
  kinds.current = new Map(cabinet.tags.map((tag) => [tag.epc, tag.inside ? 'inside' : 'outside']));
  useTick(ticker);
  const { antennas } = cabinet;
  const rates = Array.from({ length: antennas }, (_, index) => tape.perSecond(index + 1, nowMs()));

  useEffect(() => {
    let frame = 0;
    const draw = (): void => {
      if (canvas.current !== null) paint(canvas.current, { tape, antennas, kinds: kinds.current, nowMs: nowMs() });
      frame = requestAnimationFrame(draw);
    };
    frame = requestAnimationFrame(draw);
    return () => cancelAnimationFrame(frame);
  }, [tape, antennas, nowMs]);

  return (
    <section className="tt-card ts-panel ts-reads" data-testid="sim-reads" data-total={tape.total()}>
      <h2>{t('simulator.reads')}</h2>
      <div className="ts-lanes">
        <canvas ref={canvas} style={{ height: laneHeightPx * antennas }} role="img" aria-label={t('simulator.lanes')} />
        <ol>
          {rates.map((rate, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: an antenna is its number.
            <li key={index} style={{ height: laneHeightPx }}>
              <span>{t('simulator.antenna', { antenna: index + 1 })}</span>
              <span className="tt-figure">{t('simulator.rate', { rate })}</span>
            </li>
          ))}
        </ol>
      </div>
      <p className="ts-legend">
        <i data-kind="inside" /> {t('simulator.legendInside')}
        <i data-kind="outside" /> {t('simulator.legendOutside')}
        <i data-kind="stranger" /> {t('simulator.legendStranger')}
      </p>
    </section>
  );
}

interface Painting {
  readonly tape: ReadTape;
  readonly antennas: number;
  readonly kinds: ReadonlyMap<string, Kind>;
  readonly nowMs: number;
}

function paint(canvas: HTMLCanvasElement, { tape, antennas, kinds, nowMs }: Painting): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const scale = window.devicePixelRatio;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  if (canvas.width !== Math.round(width * scale)) canvas.width = Math.round(width * scale);
  if (canvas.height !== Math.round(height * scale)) canvas.height = Math.round(height * scale);
  const style = getComputedStyle(canvas);
  const colours = {
    inside: style.getPropertyValue('--tt-out-ink'),
    outside: style.getPropertyValue('--tt-doubt-fill'),
    stranger: style.getPropertyValue('--tt-bad-fill'),
    line: style.getPropertyValue('--tt-line'),
  };
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  context.fillStyle = colours.line;
  for (let lane = 1; lane <= antennas; lane++) context.fillRect(0, lane * laneHeightPx - 1, width, 1);
  for (const read of tape.reads(nowMs)) {
    const kind = kinds.get(read.epc) ?? 'stranger';
    context.fillStyle = colours[kind];
    drawTick(context, { ...tickOf(read, { nowMs, width }), kind });
  }
}

function tickOf(read: TapeRead, { nowMs, width }: { nowMs: number; width: number }) {
  const loud = Math.min(1, Math.max(0.12, (read.rssiDbm - faintest) / (loudest - faintest)));
  const foot = read.antenna * laneHeightPx - 2;
  return { x: width - ((nowMs - read.atMs) / tapeMs) * width, foot, tall: loud * (laneHeightPx - 10) };
}

/** Inside: a line. Outside: a line with a head. A stranger: a cross. */
function drawTick(
  context: CanvasRenderingContext2D,
  { x, foot, tall, kind }: { x: number; foot: number; tall: number; kind: Kind },
): void {
  if (kind !== 'stranger') context.fillRect(x, foot - tall, 1.5, tall);
  if (kind === 'outside') context.fillRect(x - 1.5, foot - tall - 1, 4.5, 4);
  if (kind === 'stranger') {
    context.fillRect(x - 3, foot - tall, 7, 1.6);
    context.fillRect(x - 0.3, foot - tall - 3, 1.6, 7);
  }
}
