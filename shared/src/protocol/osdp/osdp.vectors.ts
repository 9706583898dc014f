/**
 * Known OSDP frames, and what they mean. `origin` names where a frame was published:
 * - net: bytedreamer/OSDP.Net CommandOutgoingMessageTest; in its secure frames every key and the previous MAC are zero
 * - trace: bytedreamer/OSDP.Net PacketDecodingTest
 * - cp, fsm: goToMain/libosdp test-cp-phy.c, test-cp-fsm.c
 * - annexE: SIA Annex E values in goToMain/libosdp test-sc-sia-vectors.c
 * - calc: built from the published layout
 */
export interface OsdpVector {
  readonly id: string;
  readonly origin: string;
  readonly hex: string;
  /** Null when the frame must be refused, by the parser or by the secure channel. */
  readonly decoded: {
    readonly address: number;
    readonly reply: boolean;
    readonly sequence: number;
    readonly crc: boolean;
    readonly securityType: number | null;
    readonly id: number;
    readonly data: string;
    readonly mac: string | null;
    /** Of the secure frames whose keys are zero. */
    readonly plaintext: string | null;
  } | null;
}

const lines = `
cmd-comset-sc|net|ff53001e000e02176eaca3c2ffe4d9e599cd771b8ef3d13f23faab634e0895|0|command|2|crc|17|6E|aca3c2ffe4d9e599cd771b8ef3d13f23|faab634e|0180250000
cmd-comset|net|ff53000d00066e0180250000ec7b|0|command|2|crc|-|6E|0180250000|-|-
cmd-comset-sum|net|ff53000c00026e01802500008b|0|command|2|sum|-|6E|0180250000|-|-
cmd-cap-sc|net|ff53001e000e021762d14eb7ad982cc5f9aa25318a7eaed6260f6a2aa73870|0|command|2|crc|17|62|d14eb7ad982cc5f9aa25318a7eaed626|0f6a2aa7|00
cmd-cap|net|ff53000900066200f35d|0|command|2|crc|-|62|00|-|-
cmd-cap-sum|net|ff5300080002620041|0|command|2|sum|-|62|00|-|-
cmd-keyset-sc|net|ff53002e000e021775f0ddec9a0ed8ce4c80baf5d55c18436f9189fd66c9f223dc041486d83357df986c1d4bc2b2f2|0|command|2|crc|17|75|f0ddec9a0ed8ce4c80baf5d55c18436f9189fd66c9f223dc041486d83357df98|6c1d4bc2|011000010203040506070001020304050607
cmd-keyset|net|ff53001a000675011000010203040506070001020304050607cfa3|0|command|2|crc|-|75|011000010203040506070001020304050607|-|-
cmd-keyset-sum|net|ff530019000275011000010203040506070001020304050607d4|0|command|2|sum|-|75|011000010203040506070001020304050607|-|-
cmd-filetransfer-sc|net|ff53002e000e02177c927138dde009a3475367f82a2c9429700d2348a877b955096d8a24dd7188ac3c9a98d6c54aee|0|command|2|crc|17|7C|927138dde009a3475367f82a2c9429700d2348a877b955096d8a24dd7188ac3c|9a98d6c5|03e80300000a00000005000102030405
cmd-filetransfer|net|ff53001800067c03e80300000a000000050001020304055921|0|command|2|crc|-|7C|03e80300000a00000005000102030405|-|-
cmd-filetransfer-sum|net|ff53001700027c03e80300000a000000050001020304050c|0|command|2|sum|-|7C|03e80300000a00000005000102030405|-|-
cmd-pivdata-sc|net|ff53001e000e0217a3bb89c6e0f9eb82adfcbc16c4eecf42b051fcbf8395b2|0|command|2|crc|17|A3|bb89c6e0f9eb82adfcbc16c4eecf42b0|51fcbf83|5fc102000000
cmd-pivdata|net|ff53000e0006a35fc1020000004123|0|command|2|crc|-|A3|5fc102000000|-|-
cmd-pivdata-sum|net|ff53000d0002a35fc102000000d9|0|command|2|sum|-|A3|5fc102000000|-|-
cmd-id-sc|net|ff53001e000e021761d14eb7ad982cc5f9aa25318a7eaed6269ae995731983|0|command|2|crc|17|61|d14eb7ad982cc5f9aa25318a7eaed626|9ae99573|00
cmd-id|net|ff53000900066100a008|0|command|2|crc|-|61|00|-|-
cmd-id-sum|net|ff5300080002610042|0|command|2|sum|-|61|00|-|-
cmd-istat-sc|net|ff53000e000e021565460e3d4e2a6a|0|command|2|crc|15|65||460e3d4e|-
cmd-istat|net|ff5300080006652c9c|0|command|2|crc|-|65||-|-
cmd-istat-sum|net|ff5300070002653f|0|command|2|sum|-|65||-|-
cmd-lstat-sc|net|ff53000e000e0215646f63246fd050|0|command|2|crc|15|64||6f63246f|-
cmd-lstat|net|ff5300080006640d8c|0|command|2|crc|-|64||-|-
cmd-lstat-sum|net|ff53000700026440|0|command|2|sum|-|64||-|-
cmd-mfg-sc|net|ff53001e000e021780c8670fcb60c025ba48154192a42bb8f3b978ffac1a91|0|command|2|crc|17|80|c8670fcb60c025ba48154192a42bb8f3|b978ffac|0102030a0b0c
cmd-mfg|net|ff53000e0006800102030a0b0c6b14|0|command|2|crc|-|80|0102030a0b0c|-|-
cmd-mfg-sum|net|ff53000d0002800102030a0b0cf7|0|command|2|sum|-|80|0102030a0b0c|-|-
cmd-out-sc|net|ff53001e000e021768f7efa0d4764a4e29267596f216d8a9e8c5887608b908|0|command|2|crc|17|68|f7efa0d4764a4e29267596f216d8a9e8|c5887608|0003640001067800
cmd-out|net|ff53001000066800036400010678000b5b|0|command|2|crc|-|68|0003640001067800|-|-
cmd-out-sum|net|ff53000f00026800036400010678004e|0|command|2|sum|-|68|0003640001067800|-|-
cmd-ostat-sc|net|ff53000e000e02156662de0516124b|0|command|2|crc|15|66||62de0516|-
cmd-ostat|net|ff5300080006664fac|0|command|2|crc|-|66||-|-
cmd-ostat-sum|net|ff5300070002663e|0|command|2|sum|-|66||-|-
cmd-poll-sc|net|ff53000e000e0215604b32767773b6|0|command|2|crc|15|60||4b327677|-
cmd-poll|net|ff53000800066089cc|0|command|2|crc|-|60||-|-
cmd-poll-sum|net|ff53000700026044|0|command|2|sum|-|60||-|-
cmd-buz|trace|53000d00066a00020202015992|0|command|2|crc|-|6A|0002020201|-|-
rsp-pdid|trace|538014000645000ee31010000074972306061b88|0|reply|2|crc|-|45|000ee3101000007497230606|-|-
cmd-poll-5|cp|ff5365080004606090|101|command|0|crc|-|60||-|-
cmd-id-2|cp|ff53650900046100d97a|101|command|0|crc|-|61|00|-|-
rsp-ack-sum|cp|ff53e50700014080|101|reply|1|sum|-|40||-|-
rsp-nak|cp|ff53e509000541010e8f|101|reply|1|crc|-|41|01|-|-
rsp-ccrypt-sc-sum|cp|ff53e52a000903120176101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f19|101|reply|1|sum|12|76|101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f|-|-
rsp-rmac_i-sc|cp|ff53e51b000d03140178a0a1a2a3a4a5a6a7a8a9aaabacadaeafcaba|101|reply|1|crc|14|78|a0a1a2a3a4a5a6a7a8a9aaabacadaeaf|-|-
cmd-poll-sum-2|cp|ff536507000060e1|101|command|0|sum|-|60||-|-
cmd-chlng|cp|ff53651000047601020304050607080d20|101|command|0|crc|-|76|0102030405060708|-|-
reject-sc-1|cp|ff53e50900090219405b|bad
reject-sc-2|cp|ff53e50900090216405e|bad
reject-sc-3|cp|ff53e50d0009021640000000005a|bad
reject-frame-1|cp|ff53e5ffff0440e7a1|bad
reject-frame-2|cp|ff53e506000440e7a1|bad
reject-frame-3|cp|deadbeef53650102|bad
rsp-pdid-2|fsm|ff53e514000445a1a2a3b1c1d1d2d3d4e1e2e3f8d9|101|reply|0|crc|-|45|a1a2a3b1c1d1d2d3d4e1e2e3|-|-
rsp-pdcap|fsm|ff53e50b000546040401b3ec|101|reply|1|crc|-|46|040401|-|-
rsp-ack-4|fsm|ff53e508000640b0f0|101|reply|2|crc|-|40||-|-
cmd-comset-2|annexE|ff537f0d00046e00802500006e38|127|command|0|crc|-|6E|0080250000|-|-
cmd-id-3|annexE|ff53000900046100c066|0|command|0|crc|-|61|00|-|-
cmd-comset-sum-2|annexE|ff537f0c00006e00802500000f|127|command|0|sum|-|6E|0080250000|-|-
cmd-id-sum-2|annexE|ff5300080000610044|0|command|0|sum|-|61|00|-|-
calc-rsp-raw-wiegand26|calc|ff53801000065000011a003181f3c0871a|0|reply|2|crc|-|50|00011a003181f3c0|-|-
calc-rsp-keypad-1234|calc|ff53800e000653000431323334ea1a|0|reply|2|crc|-|53|000431323334|-|-
calc-rsp-nak-unknown-command|calc|ff5380090006410305ea|0|reply|2|crc|-|41|03|-|-
calc-rsp-busy|calc|ff538008000479230b|0|reply|0|crc|-|79||-|-
calc-cmd-led|calc|ff530016000669000002010102010a000001010101d3ba|0|command|2|crc|-|69|000002010102010a000001010101|-|-
calc-sc-1-chlng|calc|ff530013000d03110076b0b1b2b3b4b5b6b73177|0|command|1|crc|11|76|b0b1b2b3b4b5b6b7|-|-
calc-sc-2-ccrypt|calc|ff53802b000d03120076c0c1c2c3c4c5c6c7a0a1a2a3a4a5a6a7fde5d2f428ec16312471ea3c02bd7796ab39|0|reply|1|crc|12|76|c0c1c2c3c4c5c6c7a0a1a2a3a4a5a6a7fde5d2f428ec16312471ea3c02bd7796|-|-
calc-sc-3-scrypt|calc|ff53001b000e0313007726d3356e07762d262801fc8e6665a89140b4|0|command|2|crc|13|77|26d3356e07762d262801fc8e6665a891|-|-
calc-sc-4-rmac-i|calc|ff53801b000e03140178b2a30057eb98ba2229ec1f875662b5246eeb|0|reply|2|crc|14|78|b2a30057eb98ba2229ec1f875662b524|-|-
calc-sc-5-poll-mac|calc|ff53000e000f02156069bdc654e136|0|command|3|crc|15|60||69bdc654|-
calc-sc-6-ack-mac|calc|ff53800e000f021640f9baff9d78cd|0|reply|3|crc|16|40||f9baff9d|-
calc-sc-7-poll-mac|calc|ff53000e000d021560fabb8e3380ce|0|command|1|crc|15|60||fabb8e33|-
calc-sc-8-raw-encrypted|calc|ff53801e000d02185037807298f42855e0af14f8abb5496ba8feb98f56eb29|0|reply|1|crc|18|50|37807298f42855e0af14f8abb5496ba8|feb98f56|-
`;

const orNull = (text: string): string | null => (text === '-' ? null : text);

export const osdpVectors: readonly OsdpVector[] = lines
  .trim()
  .split('\n')
  .map((line) => {
    const [id = '', origin = '', hex = '', address = 'bad', way, sequence, check, type = '-', code = '', ...rest] =
      line.split('|');
    if (address === 'bad') return { id, origin, hex, decoded: null };
    const [data = '', mac = '-', plaintext = '-'] = rest;
    return {
      id,
      origin,
      hex,
      decoded: {
        address: Number(address),
        reply: way === 'reply',
        sequence: Number(sequence),
        crc: check === 'crc',
        securityType: type === '-' ? null : Number.parseInt(type, 16),
        id: Number.parseInt(code, 16),
        data,
        mac: orNull(mac),
        plaintext: orNull(plaintext),
      },
    };
  });

/** Annex E: the handshake with the install key and these random numbers. */
export const annexE = {
  key: '303132333435363738393a3b3c3d3e3f',
  panelRandom: 'b0b1b2b3b4b5b6b7',
  readerRandom: 'a0a1a2a3a4a5a6a7',
  encryption: 'bf8dc2a8329acb8c67c6d0cd9a451682',
  mac1: '5e86c676603bdee2d8beafe178637332',
  mac2: '6fda86e857777e81132035758239172e',
  serverCryptogram: '26d3356e07762d262801fc8e6665a891',
  clientCryptogram: 'fde5d2f428ec16312471ea3c02bd7796',
  initialMac: 'b2a30057eb98ba2229ec1f875662b524',
} as const;
