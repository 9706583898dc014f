/**
 * Known frames of real devices, and what they mean. `origin` names where a frame was published:
 * - py: mad-tinkerer/python-rdm6300 test_reader.py
 * - i19: arduino12/rdm6300 issue 19
 * - hb: jp112sdl/HB-UNI-Sen-RFID-RC issue 3
 * - esp: espressif/arduino-esp32 issue 1405
 * - bruce: BruceDevices/firmware issue 2014
 * - mf: MiczFlor/RPi-Jukebox-RFID issue 1425
 * - calc: built from the published layout
 * - ph: arendst/Tasmota issue 9522
 * - eh: esphome/issues issue 3610
 */
export interface Rdm6300Vector {
  readonly id: string;
  readonly hex: string;
  readonly origin: string;
  /** Null when the frame must be refused. */
  readonly decoded: { readonly number: string; readonly decimal: string; readonly facilityAndNumber: string } | null;
}

const lines = `
rdm6300-1|0231463030363434424236383603|hb|1F00644BB6|0006572982|100.19382
rdm6300-2|0230303034313443443745413303|bruce|000414CD7E|0068472190|20.52606
rdm6300-3|0230314338463030383030333103|bruce|01C8F00800|3371173888|240.2048
rdm6300-4|0236313030384542324639413403|mf|61008EB2F9|0009351929|142.45817
rdm6300-5|0233383030393037333046443403|mf|380090730F|0009466639|144.29455
rdm6300-6|0233333030393241364437443003|i19|330092A6D7|0009610967|146.42711
rdm6300-7|0230443030333139434430373003|esp|0D00319CD0|0003251408|49.40144
rdm6300-8|0236373030334235314336434203|py|67003B51C6|0003887558|59.20934
rdm6300-9|0236373030334241383643393803|py|67003BA86C|0003909740|59.43116
rdm6300-10|0236373030334241383637393303|py|67003BA867|0003909735|59.43111
rdm6300-phantom-1|0230303030303030373846383803|ph|000000078F|0000001935|0.1935
rdm6300-phantom-2|0230304630303030304630303003|ph|00F00000F0|4026532080|0.240
rdm6300-phantom-3|0246303030303630303037463103|ph|F000060007|0000393223|6.7
rdm6300-phantom-4|0242353941393945354139464103|ph|B59A99E5A9|2593777065|153.58793
rdm6300-phantom-5|0234464642333838464646464303|ph|4FFB388FFF|4214788095|56.36863
rdm6300-phantom-6|0244413933383642354541393003|ph|DA9386B5EA|2475079146|134.46570
rdm6300-phantom-7|0244414546364645453242394603|ph|DAEF6FEE2B|4017090091|111.60971
rdm6300-short-frame|02303131344145334242433c03|eh
rdm6300-bad-checksum|0236383030334235314336434203|py
rdm6300-calc|0230303030423144363843454203|calc|0000B1D68C|0011654796|177.54924
`;

export const rdm6300Vectors: readonly Rdm6300Vector[] = lines
  .trim()
  .split('\n')
  .map((line) => {
    const [id = '', hex = '', origin = '', number, decimal = '', facilityAndNumber = ''] = line.split('|');
    return { id, hex, origin, decoded: number === undefined ? null : { number, decimal, facilityAndNumber } };
  });
