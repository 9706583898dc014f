import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { Command } from 'commander';
import { type EdgeConfig, parseCredentials, parseEdgeConfig } from '../config.js';
import { lockData } from '../data-lock.js';
import { linkOpener } from '../serial/open-link.js';
import { type DoctorReport, examinePorts, examineSettings, reportText } from './doctor.js';
import type { Patience } from './examine.js';
import { findPorts } from './find-ports.js';
import type { Finding } from './findings.js';
import type { ProbeOptions } from './probe.js';
import { checkBroker, checkFile } from './site-checks.js';

interface Options {
  readonly config?: string;
  readonly ports?: true;
  readonly port?: readonly string[];
  readonly json?: true;
  readonly badge: boolean;
  readonly doors?: true;
}

const patience: Patience = { answerMs: 8_000, readMs: 3_000, badgeMs: 15_000, doorMs: 20_000 };

export const doctorCommand = new Command('doctor')
  .description('Looks at the devices of this cabinet and says what to do next. Stop the agent first.')
  .option('-c, --config <file>', 'look where these settings say, and check credentials, data and the way to the cloud')
  .option('--ports', 'look at every serial port, also when there are settings')
  .option('--port <path...>', 'look at these ports only')
  .option('--no-badge', 'do not wait for somebody to present a badge')
  .option('--doors', 'ask for every door to be opened and closed')
  .option('--json', 'print one JSON object instead of sentences')
  .addHelpText('after', '\nExit codes: 0 all is well, 1 something is wrong, 2 the settings cannot be used.')
  .action(runDoctor);

async function runDoctor(options: Options): Promise<void> {
  const say = options.json === true ? process.stderr : process.stdout;
  const probing: ProbeOptions = {
    ...{ clock: systemClock, random: systemRandom, log: silentLog },
    openLink: (path) => linkOpener(path),
    patience: {
      ...patience,
      badgeMs: options.badge ? patience.badgeMs : 0,
      doorMs: options.doors === true ? patience.doorMs : 0,
    },
    ask: (sentence) => void say.write(`${sentence}\n`),
  };
  const report = await examineAll(options, probing);
  process.stdout.write(options.json === true ? `${JSON.stringify(report)}\n` : `\n${reportText(report)}`);
  process.exitCode = report.ok ? 0 : 1;
}

async function examineAll({ config: file, ports, port }: Options, probing: ProbeOptions): Promise<DoctorReport> {
  const wanted = port?.map((path) => ({ path, stablePath: null, maker: null }));
  if (file === undefined || ports === true || wanted !== undefined) {
    return await examinePorts(wanted ?? (await findPorts()), probing);
  }
  const path = resolve(file);
  const config = parseEdgeConfig(readFileSync(path, 'utf8'), path);
  const site = await checkSite(config, dirname(path));
  const devices = await examineSettings(config.devices, probing);
  const findings = [...site, ...devices.findings];
  return { ...devices, findings, ok: findings.every(({ ok }) => ok) };
}

async function checkSite(config: EdgeConfig, near: string): Promise<readonly Finding[]> {
  const credentialsFile = resolve(near, config.credentials);
  let mqttUrl = config.mqttUrl;
  const credentials = checkFile(`the credentials file ${credentialsFile}`, () => {
    const read = parseCredentials(readFileSync(credentialsFile, 'utf8'), credentialsFile);
    mqttUrl ??= read.mqttUrl;
  });
  const data = checkFile(`the data folder ${resolve(near, config.data)}`, () => {
    lockData(resolve(near, config.data), process.pid).release();
  });
  const caFile = config.mqttCa === undefined ? null : resolve(near, config.mqttCa);
  const cloud = mqttUrl === undefined ? [] : await checkBroker(mqttUrl, caFile, systemClock.wallMs());
  return [credentials, data, ...cloud];
}
