/**
 * Requests and what real modules were seen to answer. `nano` is a response table that answers vendor
 * software as an M6e Nano; `m5e` is a session with a real M5e (erossi/m5e_rfid).
 */
export const exchanges: readonly { id: string; origin: 'nano' | 'm5e'; request: string; response: string }[] = [
  {
    id: 'req-version',
    origin: 'nano',
    request: 'ff00031d0c',
    response: 'ff14030000141208003000000220220804010b0125000000107962',
  },
  { id: 'req-get-current-program', origin: 'nano', request: 'ff000c1d03', response: 'ff010c0000526303' },
  { id: 'req-get-power-mode', origin: 'nano', request: 'ff00681d67', response: 'ff0168000000a4bf' },
  { id: 'req-set-baud-rate', origin: 'nano', request: 'ff04060001c200a460', response: 'ff00060000e406' },
  { id: 'req-get-reader-param-3', origin: 'nano', request: 'ff026a01122e5c', response: 'ff046a00000112000069af' },
  { id: 'req-get-reader-param-6', origin: 'nano', request: 'ff026a010d2e43', response: 'ff066a0000010d000000001543' },
  { id: 'req-get-protocol', origin: 'nano', request: 'ff00631d6c', response: 'ff0263000000052146' },
  {
    id: 'req-get-regions',
    origin: 'nano',
    request: 'ff00711d7e',
    response: 'ff1a7100000d0e04050608090b0c101112131415161718191a1b1c1d1e20ff3ee9',
  },
  { id: 'req-get-region', origin: 'nano', request: 'ff00671d68', response: 'ff016700000db48c' },
  { id: 'req-set-region-4', origin: 'm5e', request: 'ff01970d4bb0', response: 'ff00970000779e' },
  { id: 'req-get-protocols', origin: 'nano', request: 'ff00701d7f', response: 'ff0270000000053b75' },
  { id: 'req-get-read-power', origin: 'nano', request: 'ff016201bebc', response: 'ff07620000010a8c0a8c000054b4' },
  { id: 'req-set-write-power', origin: 'nano', request: 'ff02940a8c2b13', response: 'ff0094000047fd' },
  { id: 'req-get-protocol-param-4', origin: 'nano', request: 'ff026b05003a6f', response: 'ff036b00000500000874' },
  { id: 'req-get-protocol-param-6', origin: 'nano', request: 'ff026b05123a7d', response: 'ff036b00000512001a74' },
  { id: 'req-set-reader-param-2', origin: 'nano', request: 'ff039a010c00a35d', response: 'ff009a0000a633' },
  { id: 'req-set-protocol-param', origin: 'nano', request: 'ff039b050202deea', response: 'ff009b0000b612' },
  { id: 'req-clear-tag-buffer', origin: 'nano', request: 'ff002a1d25', response: 'ff002a000001e8' },
  { id: 'req-get-read-power-2', origin: 'nano', request: 'ff016200bebd', response: 'ff036200000004b0af16' },
  { id: 'req-set-antenna-2', origin: 'nano', request: 'ff07910701007d02007dc568', response: 'ff009100001758' },
  { id: 'req-get-gpio', origin: 'nano', request: 'ff016601babc', response: 'ff0d66000001010100020100030100040100fcf4' },
  { id: 'req-set-antenna', origin: 'nano', request: 'ff039102010142c5', response: 'ff009100001758' },
  { id: 'req-get-temperature', origin: 'nano', request: 'ff00721d7d', response: 'ff017200001e4819' },
  {
    id: 'req-boot-firmware',
    origin: 'm5e',
    request: 'ff00041d0b',
    response: 'ff1404000007102300010000032014100701070209000000105251',
  },
  { id: 'req-set-region', origin: 'm5e', request: 'ff0197024bbf', response: 'ff00970000779e' },
  {
    id: 'req-read-tag-single',
    origin: 'm5e',
    request: 'ff022103e8d509',
    response: 'ff0e210000e200322fe20df9311328b7e3d100aad0',
  },
  {
    id: 'req-read-tag-single-2',
    origin: 'm5e',
    request: 'ff032103e800a5e8',
    response: 'ff0f21000000e200322fe20df9311328b7e3d100a542',
  },
];
