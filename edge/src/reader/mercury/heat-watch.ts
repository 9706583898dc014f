import type { Line } from '../device-link.js';

/** Adds to the warnings of a reader that it gets hot, before it has to pause at 85 degrees. */
export interface HeatWatch {
  setWarnings(warnings: readonly string[]): void;
  measured(celsius: number): void;
}

const hotCelsius = 75;
/** Told until it has cooled down to this, so that the warning does not flutter. */
const coolCelsius = 70;

export function createHeatWatch(line: Pick<Line, 'warning'>): HeatWatch {
  let usual: readonly string[] = [];
  let hotAt: number | null = null;

  function tell(): void {
    const hot =
      hotAt === null
        ? []
        : [`The UHF reader is at ${hotAt} degrees Celsius and will pause if it gets hotter: check its cooling.`];
    const all = [...usual, ...hot];
    line.warning(all.length === 0 ? null : all.join(' '));
  }

  return {
    setWarnings: (warnings) => {
      usual = warnings;
      tell();
    },
    measured: (celsius) => {
      const next = celsius >= hotCelsius || (hotAt !== null && celsius > coolCelsius) ? (hotAt ?? celsius) : null;
      if (next === hotAt) return;
      hotAt = next;
      tell();
    },
  };
}
