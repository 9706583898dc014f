/**
 * Known tag contents and identities. `origin` names where one was published:
 * - tds: GS1 EPC Tag Data Standard 1.13, Appendix E.3, sergiss/epc-tds doc/GS1_EPC_TDS_i1_13.pdf
 * - epcpy: unit tests, nedap/retail-epcpy tests/epc_schemes/test_{giai,grai,sgtin}.py
 * - sllurp: EPC in reader captures, sllurp sources (see protocols.md 6)
 * - golemu: EPC in a tag emulator, iomz/golemu
 * - chafon: EPC inside a reader fixture, wabson/chafon-rfid tests/test_uhfreader288.py
 * - oepc: unit tests of a URN <-> Digital Link converter, openepcis/openepcis-epc-digitallink-translator converter/core/src/test/java/.../{SGTIN,GIAI,GRAI}Test.java
 * - ralph: doc comment, RalphTro/gs1-epc-digitallink-translator epcdltranslator/__init__.py
 * - calc: boundary values, built from the standard
 */
export interface EpcVector {
  readonly id: string;
  readonly hex: string;
  readonly origin: string;
  readonly scheme: string;
  readonly uri: string;
  readonly tagUri: string;
  readonly link: string | null;
}

const lines = `
tds-sgtin-96|3074257BF7194E4000001A85|tds|sgtin-96|urn:epc:id:sgtin:0614141.812345.6789|urn:epc:tag:sgtin-96:3.0614141.812345.6789|https://id.gs1.org/01/80614141123458/21/6789
tds-sgtin-198|3674257BF6B7A659B2C2BF100000000000000000000000000000|tds|sgtin-198|urn:epc:id:sgtin:0614141.712345.32a%2Fb|urn:epc:tag:sgtin-198:3.0614141.712345.32a%2Fb|https://id.gs1.org/01/70614141123451/21/32a%2Fb
tds-sscc-96|3174257BF4499602D2000000|tds|sscc-96|urn:epc:id:sscc:0614141.1234567890|urn:epc:tag:sscc-96:3.0614141.1234567890|https://id.gs1.org/00/106141412345678908
tds-sgln-96|3274257BF46072000000162E|tds|sgln-96|urn:epc:id:sgln:0614141.12345.5678|urn:epc:tag:sgln-96:3.0614141.12345.5678|https://id.gs1.org/414/0614141123452/254/5678
tds-sgln-195|3974257BF46072CD9615F8800000000000000000000000000|tds||urn:epc:id:sgln:0614141.12345.32a%2Fb|urn:epc:tag:sgln-195:3.0614141.12345.32a%2Fb|
tds-grai-96|3374257BF40C0E400000162E|tds|grai-96|urn:epc:id:grai:0614141.12345.5678|urn:epc:tag:grai-96:3.0614141.12345.5678|https://id.gs1.org/8003/006141411234525678
tds-grai-170|3774257BF40C0E59B2C2BF100000000000000000000|tds|grai-170|urn:epc:id:grai:0614141.12345.32a%2Fb|urn:epc:tag:grai-170:3.0614141.12345.32a%2Fb|https://id.gs1.org/8003/0061414112345232a%2Fb
tds-giai-96|3474257BF40000000000162E|tds|giai-96|urn:epc:id:giai:0614141.5678|urn:epc:tag:giai-96:3.0614141.5678|https://id.gs1.org/8004/06141415678
tds-giai-202|3874257BF59B2C2BF10000000000000000000000000000000000|tds|giai-202|urn:epc:id:giai:0614141.32a%2Fb|urn:epc:tag:giai-202:3.0614141.32a%2Fb|https://id.gs1.org/8004/061414132a%2Fb
tds-gsrn-96|2D74257BF4499602D2000000|tds|gsrn-96|urn:epc:id:gsrn:0614141.1234567890|urn:epc:tag:gsrn-96:3.0614141.1234567890|
tds-gsrnp-96|2E74257BF4499602D2000000|tds|gsrnp-96|urn:epc:id:gsrnp:0614141.1234567890|urn:epc:tag:gsrnp-96:3.0614141.1234567890|
tds-gdti-96|2C74257BF46072000000162E|tds||urn:epc:id:gdti:0614141.12345.5678|urn:epc:tag:gdti-96:3.0614141.12345.5678|
tds-gdti-174|3E74F4E4E7039B061438997367D0C18B266D1AB66EE0|tds||urn:epc:id:gdti:4012345.98765.ABCDefgh012345678|urn:epc:tag:gdti-174:3.4012345.98765.ABCDefgh012345678|
tds-cpi-96|3C74257BF400C0E680003039|tds||urn:epc:id:cpi:0614141.98765.12345|urn:epc:tag:cpi-96:3.0614141.98765.12345|
tds-cpi-var|3D74257BF75411DEF6B4CC00000003039|tds||urn:epc:id:cpi:0614141.5PQ7%2FZ43.12345|urn:epc:tag:cpi-var:3.0614141.5PQ7%2FZ43.12345|
tds-sgcn-96|3F74F4E4E612640000019907|tds||urn:epc:id:sgcn:4012345.67890.04711|urn:epc:tag:sgcn-96:3.4012345.67890.04711|
tds-gid-96|350007AB70425D4000000586|tds|gid-96|urn:epc:id:gid:31415.271828.1414|urn:epc:tag:gid-96:31415.271828.1414|
tds-usdod-96|2F320434147455900000162E|tds||urn:epc:id:usdod:CAGEY.5678|urn:epc:tag:usdod-96:3.CAGEY.5678|
tds-adi-var|3B0E0CF5E76C9047759AD00373DC7602E7200|tds||urn:epc:id:adi:35962.PQ7VZ4.M37GXB92|urn:epc:tag:adi-var:3.35962.PQ7VZ4.M37GXB92|
tds-itip-110|4014F4E4E40C0E40820000000F54|tds||urn:epc:id:itip:4012345.012345.01.02.981|urn:epc:tag:itip-110:0.4012345.012345.01.02.981|
tds-itip-212|4114F4E4E40C0E4082DBDD8B36600000000000000000000000000000|tds||urn:epc:id:itip:4012345.012345.01.02.mw133|urn:epc:tag:itip-212:0.4012345.012345.01.02.mw133|
epcpy-giai-1|3834257BF58B266D1AB460C00000000000000000000000000000|epcpy|giai-202|urn:epc:id:giai:0614141.12345400|urn:epc:tag:giai-202:1.0614141.12345400|https://id.gs1.org/8004/061414112345400
epcpy-giai-2|3434257BF400000000000000|epcpy|giai-96|urn:epc:id:giai:0614141.0|urn:epc:tag:giai-96:1.0614141.0|https://id.gs1.org/8004/06141410
epcpy-giai-3|3814257BF58C1858D7C400000000000000000000000000000000|epcpy|giai-202|urn:epc:id:giai:0614141.1ABc%2FD|urn:epc:tag:giai-202:0.0614141.1ABc%2FD|https://id.gs1.org/8004/06141411ABc%2FD
epcpy-giai-4|38983BF8D831830B1AF880000000000000000000000000000000|epcpy|giai-202|urn:epc:id:giai:061411.01ABc%2FD|urn:epc:tag:giai-202:4.061411.01ABc%2FD|https://id.gs1.org/8004/06141101ABc%2FD
epcpy-giai-5|38380C0E583164CDA356CDDC3960C593368D5B3770E583164CC0|epcpy|giai-202|urn:epc:id:giai:012345.012345678901234567890123|urn:epc:tag:giai-202:1.012345.012345678901234567890123|https://id.gs1.org/8004/012345012345678901234567890123
epcpy-giai-6|3434257BF400000000BC6038|epcpy|giai-96|urn:epc:id:giai:0614141.12345400|urn:epc:tag:giai-96:1.0614141.12345400|https://id.gs1.org/8004/061414112345400
epcpy-giai-7|3834257BF5832000000000000000000000000000000000000000|epcpy|giai-202|urn:epc:id:giai:0614141.02|urn:epc:tag:giai-202:1.0614141.02|https://id.gs1.org/8004/061414102
epcpy-grai-1|33B4257BF40C0E4000000190|epcpy|grai-96|urn:epc:id:grai:0614141.12345.400|urn:epc:tag:grai-96:5.0614141.12345.400|https://id.gs1.org/8003/00614141123452400
epcpy-grai-2|3714257BF40C0E5A3060C183060C183060C183060C00|epcpy|grai-170|urn:epc:id:grai:0614141.12345.4000000000000000|urn:epc:tag:grai-170:0.0614141.12345.4000000000000000|https://id.gs1.org/8003/006141411234524000000000000000
epcpy-grai-3|3300393243FF740000000000|epcpy|grai-96|urn:epc:id:grai:061414113245..0|urn:epc:tag:grai-96:0.061414113245..0|https://id.gs1.org/8003/006141411324540
epcpy-grai-4|3700393243FF74183100000000000000000000000000|epcpy|grai-170|urn:epc:id:grai:061414113245..01|urn:epc:tag:grai-170:0.061414113245..01|https://id.gs1.org/8003/0061414113245401
epcpy-grai-5|3714257BF40C0E60C287118B266D1780000000000000|epcpy|grai-170|urn:epc:id:grai:0614141.12345.ABCD1234%2F|urn:epc:tag:grai-170:0.0614141.12345.ABCD1234%2F|https://id.gs1.org/8003/00614141123452ABCD1234%2F
epcpy-grai-6|3300393243FF743FFFFFFFFF|epcpy|grai-96|urn:epc:id:grai:061414113245..274877906943|urn:epc:tag:grai-96:0.061414113245..274877906943|https://id.gs1.org/8003/00614141132454274877906943
epcpy-grai-7|3714257BF40C0E60C287122C68F224CA97326CE9F400|epcpy|grai-170|urn:epc:id:grai:0614141.12345.ABCDEFGHIJKLMNOP|urn:epc:tag:grai-170:0.0614141.12345.ABCDEFGHIJKLMNOP|https://id.gs1.org/8003/00614141123452ABCDEFGHIJKLMNOP
epcpy-sgtin-1|362579D5D4ADB6172574B98B34C0000000000000000000000000|epcpy|sgtin-198|urn:epc:id:sgtin:50712192365.88..%25:.13%26|urn:epc:tag:sgtin-198:1.50712192365.88..%25:.13%26|https://id.gs1.org/01/85071219236581/21/.%25:.13%26
epcpy-sgtin-2|36A579D5D4ADB6172574B98B34C0000000000000000000000000|epcpy|sgtin-198|urn:epc:id:sgtin:50712192365.88..%25:.13%26|urn:epc:tag:sgtin-198:5.50712192365.88..%25:.13%26|https://id.gs1.org/01/85071219236581/21/.%25:.13%26
epcpy-sgtin-3|30C579D5D4ADB60000000000|epcpy|sgtin-96|urn:epc:id:sgtin:50712192365.88.0|urn:epc:tag:sgtin-96:6.50712192365.88.0|https://id.gs1.org/01/85071219236581/21/0
epcpy-sgtin-4|36C579D5D4ADB618000000000000000000000000000000000000|epcpy|sgtin-198|urn:epc:id:sgtin:50712192365.88.0|urn:epc:tag:sgtin-198:6.50712192365.88.0|https://id.gs1.org/01/85071219236581/21/0
reader-sgtin-sllurp|30204ED9496334000000006E|sllurp|sgtin-96|urn:epc:id:sgtin:084663228621.0.110|urn:epc:tag:sgtin-96:1.084663228621.0.110|https://id.gs1.org/01/00846632286210/21/110
reader-sgtin-golemu|307227627F2EA48000001C6A|golemu|sgtin-96|urn:epc:id:sgtin:72271102.47762.7274|urn:epc:tag:sgtin-96:3.72271102.47762.7274|https://id.gs1.org/01/47227110277622/21/7274
reader-sgtin-chafon|3039606303C74380001A0559|chafon|sgtin-96|urn:epc:id:sgtin:360844.0990478.1705305|urn:epc:tag:sgtin-96:1.360844.0990478.1705305|https://id.gs1.org/01/03608449904780/21/1705305
calc-1|3414F4E4E400000000000001|calc|giai-96|urn:epc:id:giai:4012345.1|urn:epc:tag:giai-96:0.4012345.1|https://id.gs1.org/8004/40123451
calc-2|3414F4E4E7FFFFFFFFFFFFFF|calc|giai-96|urn:epc:id:giai:4012345.288230376151711743|urn:epc:tag:giai-96:0.4012345.288230376151711743|https://id.gs1.org/8004/4012345288230376151711743
calc-3|340175ADC68B4BFFFFFFFFFF|calc|giai-96|urn:epc:id:giai:401234567890.4398046511103|urn:epc:tag:giai-96:0.401234567890.4398046511103|https://id.gs1.org/8004/4012345678904398046511103
calc-4|3314F4E4E4000ABFFFFFFFFF|calc|grai-96|urn:epc:id:grai:4012345.00042.274877906943|urn:epc:tag:grai-96:0.4012345.00042.274877906943|https://id.gs1.org/8003/04012345000429274877906943
calc-5|303987D48078900000000000|calc|sgtin-96|urn:epc:id:sgtin:401234.0123456.0|urn:epc:tag:sgtin-96:1.401234.0123456.0|https://id.gs1.org/01/04012341234569/21/0
`;

export const epcVectors: readonly EpcVector[] = lines
  .trim()
  .split('\n')
  .map((line) => {
    const [id = '', hex = '', origin = '', scheme = '', uri = '', tagUri = '', link = ''] = line.split('|');
    return { id, hex, origin, scheme, uri, tagUri, link: link === '' ? null : link };
  });

/** Published pairs; a link does not tell where the company prefix ends. */
export const linkPairs: readonly { uri: string; link: string; prefixDigits: number }[] = [
  { uri: 'urn:epc:id:sgtin:4012345.011111.987', link: 'https://id.gs1.org/01/04012345111118/21/987', prefixDigits: 7 },
  {
    uri: 'urn:epc:id:sgtin:234567890.1123.9999',
    link: 'https://id.gs1.org/01/12345678901231/21/9999',
    prefixDigits: 9,
  },
  {
    uri: 'urn:epc:id:sgtin:387583.7784374.9302932',
    link: 'https://id.gs1.org/01/73875837843740/21/9302932',
    prefixDigits: 6,
  },
  {
    uri: 'urn:epc:id:sgtin:387583784374.7.9302932',
    link: 'https://id.gs1.org/01/73875837843740/21/9302932',
    prefixDigits: 12,
  },
  {
    uri: 'urn:epc:id:sgtin:0614141.812345.6789%2F%26%25%22!%3F()',
    link: 'https://id.gs1.org/01/80614141123458/21/6789%2F%26%25%22!%3F()',
    prefixDigits: 7,
  },
  {
    uri: 'urn:epc:id:sgtin:235678.1908012.1234',
    link: 'https://id.gs1.org/01/12356789080128/21/1234',
    prefixDigits: 6,
  },
  { uri: 'urn:epc:id:giai:123456789012.123', link: 'https://id.gs1.org/8004/123456789012123', prefixDigits: 12 },
  { uri: 'urn:epc:id:giai:123456.7', link: 'https://id.gs1.org/8004/1234567', prefixDigits: 6 },
  { uri: 'urn:epc:id:giai:839495849585.0', link: 'https://id.gs1.org/8004/8394958495850', prefixDigits: 12 },
  { uri: 'urn:epc:id:giai:1234567890.12123', link: 'https://id.gs1.org/8004/123456789012123', prefixDigits: 10 },
  { uri: 'urn:epc:id:grai:1234567890.12.4ABC', link: 'https://id.gs1.org/8003/012345678901284ABC', prefixDigits: 10 },
  { uri: 'urn:epc:id:grai:123456789012..4', link: 'https://id.gs1.org/8003/012345678901284', prefixDigits: 12 },
  { uri: 'urn:epc:id:grai:1234567890.12.4', link: 'https://id.gs1.org/8003/012345678901284', prefixDigits: 10 },
  { uri: 'urn:epc:id:grai:123456.789012.4ABCD', link: 'https://id.gs1.org/8003/012345678901284ABCD', prefixDigits: 6 },
];

/** Identities that a 96-bit tag cannot carry, and why. */
export const mustNotEncode: readonly { uri: string; why: string }[] = [
  { uri: 'urn:epc:id:giai:0614141.02', why: 'leading zero cannot be carried by the numeric 96-bit form' },
  { uri: 'urn:epc:id:giai:061411.11ABc%2FD', why: 'letters' },
  { uri: 'urn:epc:id:sgtin:50712192365.88.0123', why: 'leading zero in the serial' },
  { uri: 'urn:epc:id:sgtin:50712192365.88.1123456789012', why: 'serial over 2^38-1' },
  { uri: 'urn:epc:id:grai:061414113245..274877906944', why: 'serial over 2^38-1' },
  { uri: 'urn:epc:id:giai:06141.1ABc%2FD', why: 'company prefix of 5 digits' },
  { uri: 'urn:epc:id:giai:012345.0123456789012345678901234', why: 'reference too long' },
];

/** What a tag stores behind PC and EPC. */
export const storedCrcs: readonly { pc: string; epc: string; crc: string; origin: string }[] = [
  { pc: '3000', epc: '000000000000000000001545', crc: 'E94A', origin: 'SparkFun tag frame' },
  { pc: '3400', epc: 'E20010710000529B0940B402', crc: '163D', origin: 'M100 quick reference' },
  { pc: '3000', epc: 'E20010710000529B0940B402', crc: 'EB98', origin: 'M100 quick reference' },
  { pc: '3400', epc: '30751FEB705C5904E3D50D70', crc: '3A76', origin: 'M100 manual V2.1' },
  { pc: '3000', epc: 'E200322FE20DF9311328B7E3', crc: 'D100', origin: 'M5e transcript' },
  { pc: '1400', epc: 'AABBCCDD', crc: '28F0', origin: 'sample of unknown origin' },
];
