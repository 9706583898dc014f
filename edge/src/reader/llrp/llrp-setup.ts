import type { LlrpConfig } from '../../device-config.js';
import { listOf } from './llrp-codec.js';
import type { LlrpPort } from './llrp-port.js';

export const ownRoSpec = 1;
const keepaliveMs = 1000;

/**
 * Sets the reader up for rounds that `startRound` begins (LLRP 1.0.1 sections 10 to 13): nobody else's
 * specifications are left, tags are reported one by one, every round ends with an event.
 * Resolves with the antennas of the settings that are not connected.
 */
export async function setUpLlrpReader(port: LlrpPort, config: LlrpConfig): Promise<ReadonlySet<number>> {
  await port.request('DELETE_ROSPEC', { ROSpecID: 0 });
  await port.request('SET_READER_CONFIG', readerConfig);
  const { data } = await port.request('GET_READER_CONFIG', {
    ...{ AntennaID: 0, RequestedData: 'AntennaProperties', GPIPortNum: 0, GPOPortNum: 0 },
  });
  const missing = new Set<number>();
  for (const { AntennaID: antenna, AntennaConnected: connected } of listOf(data.AntennaProperties)) {
    if (typeof antenna === 'number' && config.antennas.includes(antenna) && !connected) missing.add(antenna);
  }
  await port.request('ADD_ROSPEC', { ROSpec: roSpec(config) });
  await port.request('ENABLE_ROSPEC', { ROSpecID: ownRoSpec });
  return missing;
}

export async function startRound(port: LlrpPort): Promise<void> {
  await port.request('START_ROSPEC', { ROSpecID: ownRoSpec });
}

const readerConfig = {
  ResetToFactoryDefault: 1,
  ReaderEventNotificationSpec: {
    EventNotificationState: ['ROSpec_Event', 'Antenna_Event', 'Reader_Exception_Event'].map((EventType) => ({
      EventType,
      NotificationState: 1,
    })),
  },
  KeepaliveSpec: { KeepaliveTriggerType: 'Periodic', PeriodicTriggerValue: keepaliveMs },
};

function roSpec({ antennas, searchMs }: LlrpConfig) {
  return {
    ROSpecID: ownRoSpec,
    Priority: 0,
    CurrentState: 'Disabled',
    ROBoundarySpec: {
      ROSpecStartTrigger: { ROSpecStartTriggerType: 'Null' },
      ROSpecStopTrigger: { ROSpecStopTriggerType: 'Null', DurationTriggerValue: 0 },
    },
    AISpec: {
      AntennaIDs: antennas,
      AISpecStopTrigger: { AISpecStopTriggerType: 'Duration', DurationTrigger: searchMs },
      InventoryParameterSpec: { InventoryParameterSpecID: 1, ProtocolID: 'EPCGlobalClass1Gen2' },
    },
    ROReportSpec: {
      ROReportTrigger: 'Upon_N_Tags_Or_End_Of_ROSpec',
      N: 1,
      TagReportContentSelector: {
        ...{ EnableROSpecID: 0, EnableSpecIndex: 0, EnableInventoryParameterSpecID: 0, EnableAntennaID: 1 },
        ...{ EnableChannelIndex: 0, EnablePeakRSSI: 1, EnableFirstSeenTimestamp: 0, EnableLastSeenTimestamp: 0 },
        ...{ EnableTagSeenCount: 1, EnableAccessSpecID: 0 },
      },
    },
  };
}
